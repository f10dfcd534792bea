shell-skip = Skip to the content
shell-nav = Main menu
shell-language = Language
shell-discover = Discover
shell-my-applications = My applications
shell-notices = Notices
shell-unread = { $count } unread
shell-desk = Desk
shell-operator = Operator
shell-account = Account
shell-sign-in = Sign in
shell-sign-up = Sign up

shell-demo-name = Demonstration.
shell-demo-text = All people and groups here are invented. Try anything.
shell-demo-sign-in = Sign in as an example
shell-demo-mailbox = Mailbox
shell-mail-off-name = No mail server is set.
shell-mail-off-text = Sign-in codes and notices cannot be sent yet.
shell-mail-off-link = See how to set it

shell-undo = Undo
shell-undo-within = Possible for { $seconds } more seconds.

shell-motto = Helping one another, in turns.
shell-about = About Mapalus
shell-privacy = Privacy
shell-data = Terms of the data
shell-api = API documentation
shell-data-source = Areas, occupations and places come from open data. Sources and licences are in Terms of the data.

shell-optional = (optional)
shell-near = Perhaps you mean
shell-errors = Please correct this
shell-errors-first = { $count ->
    [one] See the answer
   *[other] { $count } answers, beginning with the first
}
shell-file-again = Please choose the file once more. Everything else you typed is kept.
shell-file-choose = Choose files
shell-file-more = Add files
shell-file-remove = Remove { $name }
shell-file-full = It is full. Remove a file to replace it.
shell-left = # characters left

shell-note-info = Info.
shell-note-good = Done.
shell-note-warn = Attention.
shell-note-danger = Failed.

shell-pattern-day = %a %-d %b %Y
shell-pattern-instant = %a %-d %b %Y, %H:%M %Z
shell-ago-now = just now
shell-ago-minutes = { $count ->
    [one] a minute ago
   *[other] { $count } minutes ago
}
shell-ago-hours = { $count ->
    [one] an hour ago
   *[other] { $count } hours ago
}
shell-ago-days = { $count ->
    [one] a day ago
   *[other] { $count } days ago
}

shell-refusal-title = That did not work
shell-refusal-not-found = Not found
shell-try-again = Try again
shell-refusal-gone = No longer valid
shell-see-newer = See the newer state
shell-refusal-wait = Please wait a little
shell-to-groups = See the groups
shell-refusal-changed = Something has changed
shell-next-page = Next page
shell-refusal-forbidden = Not for you
shell-docs-title = API documentation
shell-account-settings = Open the account settings
shell-new-link = Ask for a new link
shell-docs-lead = A program can do almost all that the pages can.
shell-docs-part-people = People and accounts
shell-docs-part-groups = Groups
shell-docs-part-joining = Joining
shell-docs-part-asking = Questions to groups
shell-docs-part-growth = Trainings
shell-docs-part-qualifications = Qualifications
shell-docs-part-safeguarding = Safeguarding
shell-docs-part-notices = Notices
shell-docs-part-words = Words to choose from
shell-docs-part-operating = Running the site
shell-docs-part-number = { $name }, part { $number }
shell-docs-parameters = Parameters
shell-docs-body = Body
shell-docs-answer = Answer
shell-docs-required = required

shell-kept-title = What you typed is still here
shell-kept-lead = This form has not been sent yet. What you typed is below. Check it, then send.
shell-kept-list = The form is no longer as it was. These are your words: copy what you need.
shell-kept-page = Open the form's page
shell-kept-see = See what you typed
shell-kept-drop = Never mind
shell-shift-up = Up
shell-shift-down = Down
shell-shift-remove = Remove
shell-docs-token = A token has to reach
shell-docs-token-never = Not for tokens.
shell-feed = New groups
shell-back = Back
shell-factor-name = Set up a second step.
shell-factor-due = Coordinators and operators need it to sign in, by { $when } at the latest.
shell-factor-over = The time is over. Until it is set up, the work of coordinators and operators is closed to you.
shell-factor-set = Set it up now

shell-wards = My wards
