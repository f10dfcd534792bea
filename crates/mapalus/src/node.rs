//! A running instance: database, key, background work, listener; and how it stops.

use crate::{config::Config, listen};
use anyhow::{Context, Result, bail};
use mapalus_app::{
    MIGRATIONS, TEXTS,
    notices::deliver::Mailer,
    shell::{App, Settings, locale, secrets::InstanceKey},
};
use mapalus_core::{chance::SystemChance, time::SystemClock};
use mapalus_db::{Db, Options};
use mapalus_search::Index;
use std::{fs, io::Write, path::Path, sync::Arc, time::Duration};
use tokio::sync::watch;

/// Opens the database and brings it up to date.
pub async fn open(database: &str, options: Options) -> Result<Db> {
    let db = Db::open(database, options).await?;
    for name in db.migrate(MIGRATIONS).await? {
        tracing::debug!(name, "the schema has grown");
    }
    Ok(db)
}

/// The folder of an instance, made if it is not there; readable by its user alone.
pub fn folder(data: &Path) -> Result<()> {
    fs::create_dir_all(data).with_context(|| format!("cannot make the folder {}", data.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(data, fs::Permissions::from_mode(0o700))
            .with_context(|| format!("cannot keep the folder {} to its user", data.display()))?;
    }
    Ok(())
}

/// Refuses a folder where no instance has run yet: for commands that work on one that is there.
pub fn refuse_new(config: &Config) -> Result<()> {
    let database = config.database();
    if database.strip_prefix("sqlite:").is_some_and(|path| !Path::new(path).exists()) {
        bail!(
            "there is no instance in {}: name the folder of the service with --data or its file with --config; a new \
             one begins with `mapalus serve`",
            config.data.display()
        );
    }
    Ok(())
}

/// The file of the instance key.
pub const KEY: &str = "instance.key";

/// Writes the file of the instance key, for its owner only. One with the same key may be there.
pub fn put_key(data: &Path, key: &str) -> Result<()> {
    let path = data.join(KEY);
    if fs::read_to_string(&path).is_ok_and(|there| there == key) {
        return Ok(());
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path).with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(key.as_bytes())?;
    Ok(file.sync_all()?)
}

/// The instance key: given as text, or the file's, which is made if it is not there.
pub fn key(given: Option<&str>, data: &Path) -> Result<InstanceKey> {
    if let Some(text) = given {
        return InstanceKey::from_text(text).context("instance_key is not a key: 43 characters of base64url");
    }
    let path = data.join(KEY);
    match fs::read_to_string(&path) {
        Ok(text) => InstanceKey::from_text(&text).with_context(|| format!("{} holds no key", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = InstanceKey::new(&SystemChance);
            put_key(data, &key.text())?;
            Ok(key)
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// The search index of this node, in the folder; one that is damaged or outdated is made anew.
pub fn index(data: &Path) -> Result<Index> {
    let folder = data.join("search");
    let (index, _) = Index::open_or_create(&folder, mapalus_search::Settings::default())
        .with_context(|| format!("cannot open the search index in {}", folder.display()))?;
    Ok(index)
}

/// The shared state of an instance.
pub fn app(db: Db, settings: Settings, key: InstanceKey, index: Index) -> App {
    locale::install(TEXTS);
    let (clock, chance) = (Arc::new(SystemClock), Arc::new(SystemChance));
    App::new(db, clock, chance, settings, key, mapalus_app::COMPOSED, index)
}

/// How long requests under way are waited for at the stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until SIGTERM or SIGINT, finishes what was accepted, closes the database.
/// `announce` runs when it answers.
pub async fn run(
    app: App,
    socket: listen::Socket,
    mailer: Option<Mailer>,
    announce: impl FnOnce(),
) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let node = format!("{}", std::process::id());
    let background = tokio::spawn(mapalus_app::background::run(app.clone(), node, mailer, stopped.clone()));
    tokio::spawn(async move {
        asked_to_stop().await;
        let _ = stop.send(true);
    });
    let (db, proxies) = (app.db.clone(), app.settings.trusted_proxies.clone());
    let router = mapalus_app::router(app);
    announce();
    let mut ended = stopped.clone();
    tokio::select! {
        () = listen::serve(socket, router, &proxies, stopped) => {}
        // Who has not sent the whole request ten seconds after the stop is not waited for.
        () = async {
            let _ = ended.wait_for(|stop| *stop).await;
            tokio::time::sleep(GRACE).await;
        } => tracing::warn!("some requests were still under way at the stop"),
    }
    background.await.context("the background work ended badly")?;
    db.close().await;
    Ok(())
}

async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            },
            Err(_) => {
                let _ = tokio::signal::ctrl_c().await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// The mark of a folder that holds a demonstration: it is never served for real, nor the other way round.
pub const DEMO_MARK: &str = "this-is-a-demonstration";

/// Marks an empty folder as a demonstration's.
pub fn mark_demo(data: &Path) -> Result<()> {
    let mark = data.join(DEMO_MARK);
    if !mark.exists() {
        if data.join("mapalus.db").exists() {
            bail!(
                "{} holds a real instance, and a demonstration would open it to everybody; use another --data",
                data.display()
            );
        }
        fs::write(&mark, "Invented people and open doors. Do not serve this folder for real use.\n")?;
    }
    Ok(())
}

/// Whether the folder holds a demonstration.
pub fn is_demo(data: &Path) -> bool {
    data.join(DEMO_MARK).exists()
}

/// Refuses to serve a demonstration for real.
pub fn refuse_demo(data: &Path) -> Result<()> {
    if is_demo(data) {
        bail!("{} holds a demonstration with open doors; use another folder for real use", data.display());
    }
    Ok(())
}
