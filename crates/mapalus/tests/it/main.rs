//! The program as it is, in processes of its own: killed, stopped, backed up and restored.

mod backup;
mod erasure;
mod http;
mod kill;
mod lines;
mod load;
mod roster;
mod seed;
mod server;
mod serving;
mod stop;
