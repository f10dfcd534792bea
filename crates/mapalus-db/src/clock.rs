//! The one place that looks at the monotonic clock: limits on work are no rule of the product.

use std::time::Instant;

/// The present, for limits and measurements only.
#[expect(clippy::disallowed_methods, reason = "how long work takes, not what time it is")]
pub(crate) fn now() -> Instant {
    Instant::now()
}
