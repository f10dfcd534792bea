//! `mapalus doctor`: what is there, what is missing, and the lines to set it up.

use super::serve;
use crate::{config::Config, node};
use anyhow::{Context, Result};
use mapalus_app::{
    notices::{
        deliver::MailerError,
        letter::{Item, Letter},
    },
    shell::Lang,
};
use mapalus_db::{Db, DbError, Options};
use std::path::{Path, PathBuf};

fn host(config: &Config) -> &str {
    let url = &config.public_url;
    let rest = url.split_once("://").map_or("mapalus.example.org", |(_, rest)| rest);
    rest.split([':', '/']).next().filter(|host| !host.is_empty()).unwrap_or("mapalus.example.org")
}

fn whole(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// A systemd unit, and the lines for Caddy and nginx.
pub fn setup(config: &Config) -> String {
    let (host, listen) = (host(config), &config.listen);
    let program = std::env::current_exe().unwrap_or_else(|_| "/usr/local/bin/mapalus".into());
    let (program, data) = (program.display(), whole(&config.data));
    let data = data.display();
    let file =
        config.file.as_deref().map_or(String::new(), |file| format!(" --config {}", whole(file).display()));
    format!(
        "\
# /etc/systemd/system/mapalus.service
#   useradd --system --home-dir {data} --create-home mapalus
#   systemctl daemon-reload && systemctl enable --now mapalus
[Unit]
Description=Mapalus
After=network-online.target
Wants=network-online.target

[Service]
User=mapalus
ExecStart={program} serve{file} --data {data} --listen {listen} --public-url https://{host} --trusted-proxy 127.0.0.1/32
Restart=on-failure
LimitNOFILE=16384
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
ReadWritePaths={data}

[Install]
WantedBy=multi-user.target

# /etc/caddy/Caddyfile
{host} {{
    encode gzip
    request_body {{
        max_size 64MB
    }}
    reverse_proxy {listen}
}}

# /etc/nginx/sites-enabled/mapalus, inside a server block with ssl_certificate for {host}
client_max_body_size 64m;
location / {{ proxy_pass http://{listen};
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
}}
"
    )
}

/// Looks at the configuration, the folder and the database; says what is well and what to do.
pub async fn look(config: &Config) -> Result<()> {
    config.check_public_url().context("public URL")?;
    println!("public URL   {}", config.public_url);
    match mapalus_app::people::has_passkeys(&config.public_url) {
        true => println!("passkeys     bound to {}: another host makes them useless", host(config)),
        false => println!("passkeys     none: browsers have them under a name, not under a number"),
    }
    node::refuse_demo(&config.data).context("data")?;
    println!("data         {}", whole(&config.data).display());
    let key = config.data.join("instance.key");
    let state = if config.instance_key.is_some() {
        "given"
    } else if key.exists() {
        "in its file"
    } else {
        "made at the first start"
    };
    println!("instance key {state}");
    match &config.mail {
        Some(mail) => println!("mail         {}; try `mapalus doctor mail YOUR@ADDRESS`", mail.sender),
        None => println!("mail         not set: accounts are confirmed by hand, mail stays in the mailbox"),
    }
    let database = config.database();
    let named = if database.starts_with("sqlite:") { database.as_str() } else { "PostgreSQL" };
    if database.strip_prefix("sqlite:").is_some_and(|path| !Path::new(path).exists()) {
        println!("database     {named}: made at the first start");
        return Ok(());
    }
    // Looked at, not brought up to date: that is for the next start.
    let db = match Db::open(&database, Options::default()).await {
        Ok(db) => db,
        Err(DbError::Taken(_)) => {
            println!(
                "database     {named}: in use by a running Mapalus, as it should be while the service runs"
            );
            return Ok(());
        }
        Err(error @ DbError::Refused(_)) => {
            println!("database     {named}: {error}");
            return Ok(());
        }
        Err(error) => return Err(error).context("database"),
    };
    db.ready().await.context("database")?;
    db.integrity().await.context("database")?;
    println!("database     {named}: well");
    db.close().await;
    Ok(())
}

/// Sends a test mail and explains the answer.
pub async fn mail(config: &Config, to: &str) -> Result<()> {
    let mailer =
        serve::mailer(config)?.context("no mail server is set: add [mail] with server and sender")?;
    let letter = Letter {
        subject: "Mapalus".to_owned(),
        greeting: "Halo, hello,".to_owned(),
        items: vec![Item {
            body: "Surat percobaan dari Mapalus. A test mail from Mapalus.".to_owned(),
            url: config.public_url.clone(),
        }],
        open: "Mapalus".to_owned(),
        more: String::new(),
        footer: "mapalus doctor mail".to_owned(),
        stop: None,
        calendar: None,
        attached: String::new(),
        lang: Lang::Id,
    };
    match mailer.send("doctor", to, to, &letter).await {
        Ok(()) => {
            println!("the mail server took it; look into the mailbox of {to}, its spam folder too");
            Ok(())
        }
        Err(error) => {
            let advice = match &error {
                MailerError::Recipient(_) => "write the recipient as name@example.org",
                MailerError::Refused(refused) if refused.is_permanent() => {
                    "the server refuses: check user and password, and whether it lets this sender write"
                }
                MailerError::Refused(refused) if refused.is_transient() => {
                    "the server says try later: often greylisting; wait some minutes"
                }
                MailerError::Refused(refused) if refused.is_timeout() => {
                    "no answer in 20 seconds: check host and port; many networks close port 25, use 587 or 465"
                }
                MailerError::Refused(_) => {
                    "no connection: check host and port, and whether the port speaks TLS (smtps://) or STARTTLS (smtp://...?tls=required)"
                }
                _ => "check the settings [mail] server and sender",
            };
            Err(error).context(advice)
        }
    }
}
