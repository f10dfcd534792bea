//! What the engine promises, tried on rosters by the thousand.

mod search;
