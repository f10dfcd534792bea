//! What every page and every API answer shares: the request's context, layout, forms, refusals,
//! languages, security headers, the outbox and the record of what was done. It knows no slice.

pub mod app;
pub mod archive;
pub mod assets;
pub mod audit;
pub mod calendar;
pub mod cx;
pub mod day;
pub mod error;
pub mod face;
pub mod forms;
pub mod frame;
pub mod house;
mod json;
pub mod kept;
pub mod locale;
pub mod markdown;
pub mod notice;
pub mod once;
pub mod outbox;
pub mod paging;
pub mod qr;
pub mod reference;
pub mod routes;
pub mod secrets;
pub(crate) mod seen;
pub mod text;
pub mod undo;
pub mod upload;
pub mod viewer;
pub mod work;
pub mod zones;

pub use app::{App, Settings};
pub use cx::{Cx, Posted, Sent};
pub use day::Day;
pub use error::{AppError, or_newer};
pub use forms::{Checks, Choice, ChoiceGroup, FormState};
pub use frame::Frame;
pub use locale::Lang;
pub use outbox::Happened;
pub use routes::Routes;
pub use upload::{FilePart, PostedFiles, Uploaded};
pub use viewer::{Came, Viewer};
pub use work::{Place, Work};
