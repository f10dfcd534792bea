//! The tests of the whole program: HTTP per slice, access, arrows, statements, pages.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod account;
mod arrows;
mod asking;
mod board;
mod ending;
mod files;
mod finding;
mod growth;
mod guide;
mod health;
mod import;
mod inviting;
mod joining;
mod links;
mod mails;
mod matrix;
mod meeting;
mod nearest;
mod network;
mod ownership;
mod pages;
mod path;
mod points;
mod problems;
mod qualifications;
mod races;
mod reminders;
mod reviewing;
mod running;
mod screening;
mod sharing;
mod starters;
mod statements;
mod structure;
mod taking_back;
mod telling;
mod testing;
mod texts;
mod training;
mod undoing;
mod vouching;
mod walk;
mod watching;
mod world;
