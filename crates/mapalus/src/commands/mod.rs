//! What `mapalus` can be told to do.

pub mod backup;
pub mod demo;
pub mod doctor;
pub mod import;
pub mod index;
pub mod roster;
pub mod second_step;
pub mod seed;
pub mod serve;
