//! Pages of this slice; the group's own page is composed in `home`.

pub mod member;
pub mod members;
pub mod roles;
pub mod settings;
