//! The attribute `#[db_test]`: one test body, run on SQLite and on PostgreSQL.

use proc_macro::{TokenStream, TokenTree};

/// Makes a test of each database out of `async fn name(db: Db)`.
///
/// ```text
/// #[db_test]
/// async fn a_person_is_found_by_id(db: Db) { .. }
/// ```
///
/// becomes the function as written and two tests beside it, `a_person_is_found_by_id_on_sqlite`
/// and `a_person_is_found_by_id_on_postgres`. Each makes a database with
/// `crate::testing::database(Backend).await`, which the crate of the test provides and which
/// returns a `mapalus_db::testing::TestDatabase` with the crate's own migrations applied; it is
/// removed when the body ends, however it ends. The body runs on a runtime of two threads.
///
/// The tests on PostgreSQL need the server that `cargo xtask test` starts.
#[proc_macro_attribute]
pub fn db_test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let Some(name) = name_of_async_fn(item.clone()).filter(|_| arguments.is_empty()) else {
        return compile_error("write #[db_test] without arguments on `async fn name(db: Db)`");
    };
    let mut output = item;
    for (backend, suffix) in [("Sqlite", "sqlite"), ("Postgres", "postgres")] {
        output.extend(test(&name, backend, suffix));
    }
    output
}

/// The name after `async fn`, looking past attributes and visibility.
fn name_of_async_fn(item: TokenStream) -> Option<String> {
    let words = item.into_iter().map(|token| match token {
        TokenTree::Ident(word) => word.to_string(),
        _ => String::new(),
    });
    let mut words = words.skip_while(|word| word != "async" && word != "fn");
    match (words.next()?.as_str(), words.next()?.as_str(), words.next()?) {
        ("async", "fn", name) if !name.is_empty() => Some(name),
        _ => None,
    }
}

fn test(name: &str, backend: &str, suffix: &str) -> TokenStream {
    let bare = name.trim_start_matches("r#");
    parsed(&format!(
        "#[test]
        fn {bare}_on_{suffix}() {{
            ::mapalus_db::testing::run(async {{
                let database =
                    crate::testing::database(::mapalus_db::Backend::{backend}).await;
                {name}(database.db.clone()).await;
            }});
        }}"
    ))
}

fn compile_error(message: &str) -> TokenStream {
    parsed(&format!("::core::compile_error!({message:?});"))
}

fn parsed(text: &str) -> TokenStream {
    text.parse().expect("the text is Rust")
}
