home-title = Find your group
home-lead = Occupational groups to grow together, volunteer groups to help one another.
home-search = Profession, cause or name
home-profile-fill = Fill in my profile
home-search-hint = nurse, flood, teacher
home-profile-title = Next: your profile
home-search-button = Search
home-profile-text = Your profession and town help us to show groups that fit you.
home-two-kinds = Two kinds of group
home-occupational-title = Occupational groups
home-occupational-text = People of one profession who share experience, contacts and knowledge.
home-volunteer-title = Volunteer groups
home-volunteer-text = People who work freely for a cause where they live.
home-some-groups = Some groups
home-fitting-groups = Groups that fit you
home-waits-title = Waiting for you
home-waits-vouches = { $count ->
    [one] One person asks you to vouch.
   *[other] { $count } people ask you to vouch.
}
home-all-groups = See all groups
home-hello = Hello, { $name }
home-own-groups = My groups
home-own-none = You belong to no group yet.
home-open-applications = My applications
home-find = Find a group
home-members = { $count ->
    [one] one member
   *[other] { $count } members
}
home-not-taking = Not taking applications
home-discover-title = Discover
home-discover-lead = Search by profession, cause or place.
home-kind = Kind of group
home-any-kind = All
home-area = Regency or town
home-results = Results
home-none-title = Nothing fits yet
home-none-text = Try other words, or a wider place.
home-nobody-title = Nobody is here yet
home-nobody-text = Be the first to open a group.
home-missing = Is your group missing?

home-join = Join
home-go-on = Go on with my application
home-where-i-stand = See my application
home-takes = To join
home-takes-text = { $steps ->
    [one] One step
   *[other] { $steps } steps
}, at most { $days ->
    [one] one day
   *[other] { $days } days
}.
home-takes-most = At most { $days ->
    [one] one day
   *[other] { $days } days
} if every conditional step applies.
home-takes-short = { $steps ->
    [one] One step
   *[other] { $steps } steps
} to join, at most { $days ->
    [one] one day
   *[other] { $days } days
}
home-rules = Rules
home-roles = Roles
home-asks-for = Asks for:
home-questions = Frequent questions
home-runs-it = Coordinators
home-about-what = What and where
home-serves = { $count ->
    [one] Serves one district
   *[other] Serves { $count } districts
}
home-leave = Leave the group
home-you-run-it = You help to run this group.

home-open-title = Open a group
home-open-lead = Choose the closest example. Roles, joining path and rules are filled in.
home-open-from-template = Roles, joining path, rules and frequent questions come from this example.
home-open-button = Open the group
home-other-template = Choose another example
home-template-doctors = Health workers
home-template-teachers = Teachers
home-template-lawyers = Lawyers
home-template-architects = Architects
home-template-disaster = Disaster relief
home-template-disability = People with disabilities
home-template-orphanage = Friends of an orphanage
home-template-environment = Environment
home-template-blank = Begin with a blank page
home-template-blank-text = You name the group and its field. The path is a short form and a decision.
home-name = Name of the group
home-name-why = Name the place, so that people know it.
home-summary = One sentence
home-summary-why = For whom and for what. Shown in search results.
home-about = About the group
home-occupation = Profession
home-occupation-why = For occupational groups.
home-causes = Causes
home-causes-why = For volunteer groups: choose one or more.
home-area-why = Where the group is at home.
home-districts = Districts served
home-districts-why = Separate them by semicolons. If empty: the whole regency or town.
home-sign-up = How one joins
home-visibility = Who sees it
home-done-opened = Your group is open.

home-drafts-title = My drafts
home-drafts-lead = Groups that you prepare. Nobody else sees them until you open them.
home-drafts-none-title = No draft is here
home-drafts-none-text = Choose an example and open the group at once.
home-drafts-count = { $count ->
    [one] You have one draft
   *[other] You have { $count } drafts
}
home-draft-changed = Changed { $when }
home-draft-nameless = Without a name
home-draft-lead = Nobody else sees this draft until you open it.
home-draft-save = Keep as a draft
home-draft-discard = Throw the draft away
home-done-draft-kept = The draft is kept.
home-draft-over-opened = This draft is a group now. What you typed below is not in it yet. Copy it to the group's page if you need it.
home-draft-over-discarded = What you typed still stands below. You can open it as a group right away.
home-draft-to-group = See the group
home-draft-to-settings = Change the group's page
home-done-draft-was-opened = You have opened that draft already. This is the group.
home-done-draft-discarded = The draft is thrown away.
home-starters-no-operator = This instance has no operator yet. Start it with mapalus serve, open the link that it prints, then run this again.
home-starters-done = { $made ->
    [0] No draft was made.
    [one] One draft was made.
   *[other] { $made } drafts were made.
} Already there: { $there } as drafts, { $opened } as groups that the operator runs. They stand under { $address }, for the operator alone.

home-desk-title = Desk
home-desk-empty-title = You run no group yet
home-desk-empty-text = Open one from an example.
home-desk-waiting = { $count ->
    [one] One application waits for a decision.
   *[other] { $count } applications wait for a decision.
}
home-desk-oldest = The oldest was sent { $when }.
home-desk-nothing = Nothing waits.
home-desk-page = The group's page

home-about-title = About Mapalus
home-privacy-title = Privacy
home-no-contact = the operator of this server

home-where = Place
home-distance = Distance
home-in-it = In that place
home-within-km = About { $km } km around
home-more-filters = More filters
home-taking-now = Applications
home-taking-yes = Taking applications now
home-found = { $count ->
    [one] { $count } group
   *[other] { $count } groups
}
home-loosened = No group has all of these words. These have some of them.
home-narrow = Narrow down
home-province = Province
home-district = District
home-take-back = Take this filter away
home-why-name = the name fits
home-why-occupation = for your profession: { $occupation }
home-why-near-occupation = close to your profession: { $occupation }
home-why-cause = a cause of yours: { $cause }
home-why-district = in your district
home-why-regency = in your regency or town
home-why-place = in { $place }
home-why-km = about { $km } km away
home-why-km-exact = { $km } km from you
home-why-open = taking applications
home-import-line = Line { $line }: { $text }
home-import-cell = Line { $line }, column { $column }: { $text }
home-import-too-large = The file is larger than 1 MB.
home-import-not-a-table = The first line should name the columns, in UTF-8.
home-import-column = This column is not known, or there twice. There are: { $columns }.
home-import-missing = This column is needed.
home-import-not-a-row = The line has another number of cells than the first one, or is not UTF-8.
home-import-too-many = At most { $most } rows fit into one file.
home-import-empty = There is no row below the first line.
home-import-no-account = There is no confirmed account with this mail address.
home-import-there = A group of this name and area is there already, or twice in the file.
home-import-cause-near = The cause "{ $text }" is not known. Perhaps you mean: { $near }.
home-import-choice = "{ $text }" cannot stand here. There are: { $choices }.
home-import-bad = Nothing was written. { $count ->
    [one] One place needs
   *[other] { $count } places need
} correction.
home-import-dry = { $count ->
    [one] The row holds.
   *[other] All { $count } rows hold.
} Nothing was written yet: run it again with --apply.
home-import-done = { $count ->
    [one] One group was
   *[other] { $count } groups were
} opened.
home-invited = You are invited to this group. You may join or decline.
home-suspended-why = The coordinators gave this reason:
home-waits-invitation = You are invited to join
home-suspended = Your membership of this group is suspended.
home-share-title = Tell others
home-share-button = Share this group
home-share-short = A short link, words to send, and a poster.
home-share-lead = Bring somebody along who fits in here.
home-share-hidden = Only members and those who are invited see this group. Others see nothing by the link.
home-share-link = Short link
home-share-text = Words to send
home-share-text-why = For WhatsApp, other messengers and social media. Change them as you like.
home-share-whatsapp = Send by WhatsApp
home-share-poster = Poster
home-share-poster-why = A4, to print and pin up. The code leads to the group's page.
home-share-poster-open = Open the poster
home-share-qr = Code that leads to { $link }
home-poster-scan = Point your camera here
home-poster-ask = Ask us, or join.
home-here = Use my position
home-here-why = Rounded to about 100 m, never stored. It stands in the address of this search only: take it out before you share that.
home-here-none = No position found. Type the name of a town or district.

home-known-here = People you know here
home-watches-title = My searches
home-watches-lead = We tell you when a new group fits. At most one mail a day.
home-watches-empty-title = No searches yet
home-watches-empty-text = Look for groups, then choose to be told.
home-watch = Tell me
home-watch-title = Nothing that fits yet?
home-watch-text = Keep this search. You are told as soon as a new group fits.
home-watch-sign-in = Sign in to be told
home-watch-all = Every new group
home-watch-words = “{ $words }”
home-watch-none = Nothing new since { $day }.
home-watch-paused = Paused
home-watch-pause = Pause
home-watch-go-on = Go on
home-watch-remove = Remove
home-done-watch = The search is kept. You are told when something fits.
home-done-watch-paused = The search is paused.
home-done-watch-goes-on = The search goes on.
home-done-watch-removed = The search is removed.
home-map-title = Results on a map
home-map-lead = Where the groups that were found are, and how far.
home-map-see = See on a map
home-map-list = Back to the list
home-map-told = A map with { $count ->
    [one] 1 place
   *[other] { $count } places
}. The table holds the same.
home-map-dots = Small points are districts. Numbers are the places of the table.
home-map-from = The dashed circle: { $place }.
home-map-nearer = Closer
home-map-farther = Wider
home-map-table = Places and their groups
home-map-number = Number
home-map-place = Place
home-map-groups = Groups
home-map-same = In this very town or regency
home-share-poster-pdf = Open the poster (PDF)
home-why-known = You know: { $names }
home-map-km = { $km } km
home-run-by = run by { $name }
home-closed-ways = We can tell you when it opens again. You can also ask the group, or look for one like it.
home-point-open = Open the point in a map app
home-door-wait = Tell me when it opens again
home-door-sign-in = Sign in to be told when it opens again
home-door-waits = We tell you when this group opens again.
home-door-leave = Do not tell me
home-door-since = Since { $day }
home-doors-title = Groups you wait for
home-doors-lead = We tell you once when they take people again.
home-closed-similar = See similar groups
home-new-title = Your group is almost ready
home-new-lead = Only those who run the group see this list. It goes when all is there.
home-new-there = There
home-new-lacks = Missing
home-new-sentence = One sentence about the group
home-new-area = The place where it is at home
home-new-rules = Rules, in a few lines
home-new-path = A path by which one joins
home-new-member = A first member: invite somebody
home-new-second = A second coordinator: give a member a role
home-new-vouchers = { $members ->
    [one] One member
   *[other] { $members } members
} can vouch so far, but the path asks for { $needed }. Until there are enough, applicants need no more than that. Invite members.

home-from-age = Aged { $from } and up
home-too-young = This group takes people aged { $from } and older.
home-too-young-ways = Find another group
home-ages = Ages
home-ages-adult = For people of 18 and older.
home-ages-older = For people of 16 and older. Under 18:
home-ages-younger = For people of 13 and older. Under 18:
home-ages-guardian = a parent or guardian consents
home-ages-step = one more step:
home-ages-safeguarding = safeguarding people look after their safety
home-vulnerable = This group works with children or vulnerable people.
home-wards-title = My wards
home-wards-lead = As a parent or guardian you consent to their account and to each group they join.
home-wards-minor = Your parent or guardian sees here what waits for their answer.
home-wards-empty-title = Nobody yet
home-wards-empty-text = A child signs up and names your mail address. You get a link then.
home-wards-waiting = Waiting for your answer
home-wards-wishes = wishes to join
home-wards-agree = Agree
home-wards-decline = Do not agree
home-wards-state-given = consented
home-wards-state-withdrawn = consent withdrawn
home-wards-consented = You consented
home-wards-own = The child consented
home-wards-version = privacy notice version { $version }
home-wards-erased = Account deleted
home-wards-withdraw = Withdraw my consent
home-wards-withdraw-why = The account is hidden at once and deleted after 14 days. Until then you can give your consent again.
home-wards-restore-why = The account is hidden. If you give your consent again, it is as before.
home-wards-restore = Give my consent again

home-audit-title = Record of actions
home-audit-lead = Who did what in this group, and when. You see as far as your own permissions reach. Safeguarding reports never appear here.
home-audit-person = Person
home-audit-anybody = Everybody
home-audit-action = Action
home-audit-anything = Everything
home-audit-from = From
home-audit-to = Until
home-audit-show = Show
home-audit-none-title = Nothing found
home-audit-none-text = Nothing was done that fits. Choose another person, action or time.
home-audit-whom = Concerns
home-audit-operator = Operator of this site
home-audit-stranger = Somebody without an account
home-audit-program = by a program
home-audit-file = Take it along
home-audit-file-why = A file for spreadsheets with what you have chosen above, { $most } rows at most. It holds people's names: keep it safe.
home-audit-csv = Download as CSV
home-audit-when = When
home-audit-who = Who
home-audit-what = Action
home-audit-how = Outcome
home-audit-reason = Reason
home-audit-yes = yes
home-audit-did-something = Another action
home-audit-did-answer-hiding = Answered the operator
home-audit-did-answer-question = Dealt with a question
home-audit-did-ask-group = Asked the group
home-audit-did-bring-together = Brought an applicant and members together
home-audit-did-change-group = Changed the page or settings
home-audit-did-change-members = Invited or managed a member
home-audit-did-change-path = Changed the joining path
home-audit-did-change-roles = Changed roles
home-audit-did-confirm-for-group = Confirmed a safeguarding appointment
home-audit-did-confirm-safeguard = Confirmed a safeguarding proposal
home-audit-did-decide-application = Decided on an application
home-audit-did-decide-many = Decided on several applications
home-audit-did-decline-invitation = Declined an invitation
home-audit-did-end-group = Closed the group
home-audit-did-hand-over = Handed over
home-audit-did-judge-group = Verified or hid the group
home-audit-did-leave-group = Left the group
home-audit-did-make-links = Made an invitation link
home-audit-did-note-interview = Noted an interview
home-audit-did-open-group = Opened the group
home-audit-did-propose-safeguard = Proposed somebody for safeguarding
home-audit-did-read-question = Read or reported a question
home-audit-did-run-interviews = Arranged interview times
home-audit-did-run-link = Withdrew an invitation link
home-audit-did-run-qualifications = Dealt with qualifications
home-audit-did-run-questions = Changed ready answers or blocks
home-audit-did-run-trainings = Dealt with trainings
home-audit-did-score-application = Scored an application
home-audit-did-see-trainings = Took part in a training
home-audit-did-skip-step = Passed over a step
home-audit-did-undo-change = Undid a change
home-audit-did-use-application = Did a step of joining
home-audit-did-use-question = Wrote more to a question
home-audit-how-accept = accepted
home-audit-how-accepted = accepted
home-audit-how-active = restored
home-audit-how-added = new
home-audit-how-ages = ages
home-audit-how-agreement = agreement
home-audit-how-answered = answered
home-audit-how-appoint = appoint
home-audit-how-assigned = given to a coordinator
home-audit-how-attended = attended
home-audit-how-blocked = blocked
home-audit-how-cancelled = called off
home-audit-how-changed = changed
home-audit-how-closed = closed
home-audit-how-confirmed = confirmed
home-audit-how-continued = continued
home-audit-how-decline = declined
home-audit-how-discarded = draft thrown away
home-audit-how-dismiss = dismiss
home-audit-how-excluded = excluded
home-audit-how-form = form
home-audit-how-frequent = made a frequent question
home-audit-how-handed-over = handed over
home-audit-how-hidden = hidden
home-audit-how-in = enrolled
home-audit-how-in-use = put into use
home-audit-how-interview-left = gave up a time
home-audit-how-interview-taken = took a time
home-audit-how-interview-wanted = asked for other times
home-audit-how-invited = invited
home-audit-how-kept = kept ready
home-audit-how-left = left
home-audit-how-links = rules for links
home-audit-how-moved = moved
home-audit-how-offered = offered
home-audit-how-open = open again
home-audit-how-passed = passed
home-audit-how-prepared = prepared
home-audit-how-question = frequent questions
home-audit-how-removed = removed
home-audit-how-reopened = open again
home-audit-how-repeat = to repeat
home-audit-how-reported = reported
home-audit-how-retired = ended
home-audit-how-roles = roles
home-audit-how-seen = seen
home-audit-how-shown = shown again
home-audit-how-suspended = suspended
home-audit-how-taken-back = taken back
home-audit-how-unblocked = unblocked
home-audit-how-undone = undone
home-audit-how-unverified = verification taken back
home-audit-how-verified = verified
home-audit-how-vouch-asked = asked for a vouch
home-audit-how-vouch-cancelled = took back asking for a vouch
home-audit-how-wait = waiting list
home-audit-how-waiting = in line
home-audit-how-withdrawn = taken back
