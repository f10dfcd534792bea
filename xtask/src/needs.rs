//! What a step needs from outside Rust: installed when it is missing and we may, else said in one line.

use crate::place::{root, scratch};
use crate::process::{answers, command, run};
use crate::{Outcome, postgres};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Something a step cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// `cargo fmt` and `cargo clippy`.
    Components,
    /// The server programs.
    Postgres,
    /// Python, which checks the reference data and judges rosters.
    Python,
    /// Java, which runs the HTML validator.
    Java,
    /// Chromium, for the browser stories.
    Chromium,
    /// Node with the packages of `e2e/`.
    NodePackages,
    /// The API runner in a Python environment of its own.
    Schemathesis,
}

/// Sees to everything in `needs`: packages of the system by apt, those of `e2e/` by npm, the API runner by pip.
pub fn provide(needs: &[Need]) -> Outcome {
    if needs.contains(&Need::Components) {
        components()?;
    }
    system_packages(needs)?;
    if needs.contains(&Need::NodePackages) {
        node_packages()?;
    }
    if needs.contains(&Need::Schemathesis) {
        schemathesis()?;
    }
    Ok(())
}

/// Whether this process may do what root may.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// The browser: `CHROMIUM` when it is set, else Debian's.
pub fn chromium() -> PathBuf {
    std::env::var_os("CHROMIUM").map_or_else(|| PathBuf::from("/usr/bin/chromium"), PathBuf::from)
}

/// The HTML validator among the packages of `e2e/`.
pub fn validator() -> PathBuf {
    root().join("e2e/node_modules/vnu-jar/build/dist/vnu.jar")
}

/// The API runner.
pub fn schemathesis_program() -> Outcome<PathBuf> {
    Ok(scratch()?.join("python/bin/st"))
}

fn components() -> Outcome {
    if answers("cargo", ["fmt", "--version"]) && answers("cargo", ["clippy", "--version"]) {
        return Ok(());
    }
    Err("rustfmt or clippy is missing: rustup component add rustfmt clippy".to_owned())
}

/// Debian's packages behind a need, and whether the machine has them already.
fn packages(need: Need) -> (&'static [&'static str], bool) {
    match need {
        Need::Components => (&[], true),
        Need::Postgres => (&["postgresql"], postgres::programs().is_some()),
        Need::Python => (&["python3"], answers("python3", ["--version"])),
        Need::Java => (&["default-jre-headless"], answers("java", ["--version"])),
        Need::Chromium => (&["chromium"], chromium().is_file()),
        Need::NodePackages => {
            (&["nodejs", "npm"], answers("node", ["--version"]) && answers("npm", ["--version"]))
        }
        Need::Schemathesis => {
            (&["python3", "python3-venv"], answers("python3", ["-c", "import venv, ensurepip"]))
        }
    }
}

fn missing_packages(needs: &[Need]) -> Vec<&'static str> {
    let mut missing: Vec<_> = needs
        .iter()
        .map(|need| packages(*need))
        .filter(|(_, there)| !there)
        .flat_map(|(names, _)| names)
        .copied()
        .collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

fn system_packages(needs: &[Need]) -> Outcome {
    let missing = missing_packages(needs);
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("please install: sudo apt-get install {}", missing.join(" "));
    let apt_get = if !answers("apt-get", ["--version"]) {
        return Err(by_hand);
    } else if is_root() {
        || command("apt-get")
    } else if answers("sudo", ["-n", "true"]) {
        || {
            let mut sudo = command("sudo");
            sudo.args(["-n", "apt-get"]);
            sudo
        }
    } else {
        return Err(by_hand);
    };
    run(apt_get().args(["update", "-qq"]))?;
    let install = ["install", "-y", "-qq", "--no-install-recommends"];
    run(apt_get().args(install).args(&missing).env("DEBIAN_FRONTEND", "noninteractive"))?;
    let missing = missing_packages(needs);
    if missing.is_empty() { Ok(()) } else { Err(format!("still not usable: {}", missing.join(" "))) }
}

/// Installs what the lockfile of `e2e/` names, again only after it has changed.
fn node_packages() -> Outcome {
    let folder = root().join("e2e");
    once_for(&folder.join("package-lock.json"), &folder.join("node_modules/.installed"), || {
        run(command("npm").args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder))
    })
}

/// Installs what `e2e/requirements.txt` names, again only after it has changed.
fn schemathesis() -> Outcome {
    let folder = scratch()?.join("python");
    let wanted = root().join("e2e/requirements.txt");
    once_for(&wanted, &folder.join(".installed"), || {
        run(command("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let mut pip = command(folder.join("bin/python"));
        run(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&wanted))
    })
}

/// Runs `install` unless `stamp` is a copy of `wanted`, which it is afterwards.
fn once_for(wanted: &Path, stamp: &Path, install: impl FnOnce() -> Outcome) -> Outcome {
    let text = fs::read(wanted).map_err(|error| format!("cannot read {}: {error}", wanted.display()))?;
    if fs::read(stamp).is_ok_and(|installed| installed == text) {
        return Ok(());
    }
    install()?;
    fs::write(stamp, text).map_err(|error| format!("cannot write {}: {error}", stamp.display()))
}
