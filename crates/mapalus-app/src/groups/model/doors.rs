//! Groups for which people wait until they take people again.

use crate::shell::Lang;
use mapalus_core::{GroupId, Millis};

mapalus_db::record! {
    /// A group for which somebody waits.
    #[derive(Debug, Clone)]
    pub struct DoorWatch {
        /// The group.
        pub group_id: GroupId,
        /// Its part of the address.
        pub slug: String,
        /// Its name.
        pub name: String,
        /// The language in which its people write.
        pub lang: Lang,
        /// Since when they wait.
        pub made_at: Millis,
    }
}
