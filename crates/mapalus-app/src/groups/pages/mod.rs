//! Pages of this slice; the group's own page is composed in `home`.

pub mod members;
