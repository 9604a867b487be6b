"""The bot's words to those who run it: what waits, what went out, what went wrong."""

from bot.core.guidance import Localized, Written
from bot.core.phrases import phrase


class OperatorPhrases(Written):
    """Every sentence and button of the operators' side."""

    # The desk: what an operator sees first
    desk: Localized = phrase("The desk; the person's roles.", "roles")
    desk_nothing: Localized = phrase("Nothing waits and nothing is under way.")
    desk_list: Localized = phrase("Over the notices that are not over.", "count")
    desk_files: Localized = phrase("Over the drafts from files.", "count")
    role_author: Localized = phrase("Role.")
    role_approver: Localized = phrase("Role.")
    role_viewer: Localized = phrase("Role.")

    # The card of a notice: facts in lines
    card: Localized = phrase("First line: the state.", "id", "state")
    mode_actual: Localized = phrase("A real notice.")
    mode_drill: Localized = phrase("A drill.")
    to_areas: Localized = phrase("Whom it goes to.", "areas")
    to_everyone: Localized = phrase("It goes to everyone.")
    to_operators: Localized = phrase("A drill goes to the test chats.")
    to_holders: Localized = phrase("It goes to those who have the earlier notice.", "ids")
    count: Localized = phrase("How many chats get it.", "count")
    when_approved: Localized = phrase("It goes at once.")
    when_planned: Localized = phrase("It goes at a time.", "time")
    when_repeated: Localized = phrase("It comes again.", "time", "rule")
    until: Localized = phrase("When it ends.", "time")
    until_after: Localized = phrase("When it ends, counted from going out.", "distance")
    minutes: Localized = phrase("A length.", "count")
    hours: Localized = phrase("A length.", "count")
    days: Localized = phrase("A length.", "count")
    rings: Localized = phrase("It sounds at any hour.")
    rings_by_day: Localized = phrase("It sounds by day.")
    by_person: Localized = phrase("Who wrote it.", "person")
    by_file: Localized = phrase("It comes from a file.")
    people: Localized = phrase("Who must agree.", "needed", "missing")
    nobody_asked: Localized = phrase("Nobody must agree.")
    version: Localized = phrase("The beginning of the hash that approvals bind to.", "version")
    cannot_be_shown: Localized = phrase("The notice cannot be rendered any more.", "reason")

    # States
    state_draft: Localized = phrase("State.")
    state_in_review: Localized = phrase("State.")
    state_rejected: Localized = phrase("State.")
    state_approved: Localized = phrase("State.")
    state_scheduled: Localized = phrase("State.")
    state_held: Localized = phrase("State.")
    state_publishing: Localized = phrase("State.")
    state_stopped: Localized = phrase("State.")
    state_active: Localized = phrase("State.")
    state_expired: Localized = phrase("State.")
    state_cleared: Localized = phrase("State.")
    state_cancelled: Localized = phrase("State.")
    state_superseded: Localized = phrase("State.")
    state_missed: Localized = phrase("State.")

    # Progress of a live send
    progress: Localized = phrase("Counts.", "sent", "total", "refused", "uncertain", "left")
    progress_speed: Localized = phrase("Rate and time to finish.", "rate", "minutes")
    progress_done: Localized = phrase("All deliveries are final.")

    # Questions
    ask_reason: Localized = phrase("The reason for a rejection.", "id")
    ask_stop: Localized = phrase("The second tap of a stop.", "id")
    ask_withdraw: Localized = phrase("The second tap of a withdrawal.", "id")
    ask_release: Localized = phrase("The second tap of sending what was held.", "id")
    ask_warning: Localized = phrase("A rule's warning, which stays only with a reason.", "rule", "problem")

    # What was done; shown to all operators
    submitted: Localized = phrase("It was submitted.", "id", "person")
    approved: Localized = phrase("It was approved.", "id", "person")
    rejected: Localized = phrase("It was rejected.", "id", "person", "reason")
    stopped: Localized = phrase("It was stopped.", "id", "person")
    resumed: Localized = phrase("It goes on.", "id", "person")
    released: Localized = phrase("It was released.", "id", "person")
    withdrawn: Localized = phrase("It was withdrawn.", "id", "person")
    discarded: Localized = phrase("Filling in was given up.")

    # Filling in a template
    choose_template: Localized = phrase("Over the templates of real notices.")
    choose_drill: Localized = phrase("Over the templates of drills.")
    choose_change: Localized = phrase("Over the templates that change a notice.", "id")
    fill_question: Localized = phrase("A question of a template.", "number", "total", "question")
    fill_in_language: Localized = phrase("The same, in one language.", "question", "language")
    fill_wrong: Localized = phrase("The answer cannot be used.", "problem")
    wrong_areas: Localized = phrase("Why an answer about places cannot be used.", "answer")
    wrong_which: Localized = phrase("The answer could mean several places.", "places")
    wrong_hours: Localized = phrase("Why a number of hours cannot be used.", "answer", "most")
    wrong_reason: Localized = phrase("A reason is too short.", "least")
    fill_refused: Localized = phrase("The rules refuse the notice.", "problems")
    fill_ready: Localized = phrase("Under the preview.")
    nothing_to_change: Localized = phrase("There is no such notice to change.")

    # Told without being asked
    content_broken: Localized = phrase("Files that were refused.", "problems")
    content_more: Localized = phrase("More problems than fit.", "count")
    file_refused: Localized = phrase("The rules refuse a notice from a file.", "id", "problems")

    # News of what went on by itself; `python -m bot notices history` has the rest
    news_waits: Localized = phrase("News.", "id")
    news_begun: Localized = phrase("News.", "id")
    news_finished: Localized = phrase("News.", "id")
    news_ended: Localized = phrase("News.", "id")
    news_late: Localized = phrase("News.", "id")
    news_missed: Localized = phrase("News.", "id")
    news_moved: Localized = phrase("News.", "id", "time")
    news_held: Localized = phrase("News.", "id")
    news_held_a_while: Localized = phrase("News.", "id", "time")
    news_called_off: Localized = phrase("News.", "id")
    news_nobody: Localized = phrase("News.", "id")
    news_lacks_people: Localized = phrase("News.", "id", "time")
    news_voided: Localized = phrase("News.", "id")
    news_unfit: Localized = phrase("News.", "id")
    news_fault: Localized = phrase("News.", "id")
    news_unreadable: Localized = phrase("News.")
    news_clocks_moved: Localized = phrase("News.", "id")
    news_fixed: Localized = phrase("News.", "id")
    news_uncertain: Localized = phrase("News.", "id")
    news_skewed: Localized = phrase("News.")
    news_store_away: Localized = phrase("News.")
    news_store_back: Localized = phrase("News.")
    news_nothing_through: Localized = phrase("News.")
    news_through_again: Localized = phrase("News.")
    news_detail: Localized = phrase("News with numbers or a reason behind it.", "news", "detail")

    # Short notes over a button
    note_stranger: Localized = phrase("Whoever pressed is no operator.")
    note_private: Localized = phrase("Pressed outside of a private chat.")
    note_role: Localized = phrase("The role does not allow it.")
    note_author: Localized = phrase("The author cannot approve.")
    note_changed: Localized = phrase("The notice has changed since it was shown.")
    note_gone: Localized = phrase("There is no such notice.")
    note_impossible: Localized = phrase("The state does not allow it.", "state")
    note_overtaken: Localized = phrase("Somebody else was faster.")
    note_nobody: Localized = phrase("Nobody would get it.")
    note_broken: Localized = phrase("The data of the button makes no sense.")
    note_rules: Localized = phrase("The rules stop it.")
    note_no_withdrawal: Localized = phrase("No prepared withdrawal.")
    note_done: Localized = phrase("Done.")

    # Buttons
    button_approve: Localized = phrase("Approve.")
    button_reject: Localized = phrase("Reject.")
    button_stop: Localized = phrase("Stop, first tap.")
    button_stop_now: Localized = phrase("Stop, second tap.")
    button_withdraw: Localized = phrase("Withdraw, first tap.")
    button_withdraw_now: Localized = phrase("Withdraw, second tap.")
    button_release: Localized = phrase("Send what was held, first tap.")
    button_release_now: Localized = phrase("Send what was held, second tap.")
    button_resume: Localized = phrase("Go on sending.")
    button_renew: Localized = phrase("Submit a missed notice anew.")
    button_change: Localized = phrase("Correct, update or clear.")
    button_submit: Localized = phrase("Submit.")
    button_cancel: Localized = phrase("Give up.")
    button_back: Localized = phrase("Back to the card or the desk.")
    button_new: Localized = phrase("A new real notice.")
    button_drill: Localized = phrase("A new drill.")
    button_files: Localized = phrase("Drafts from files.")
    button_desk: Localized = phrase("The desk.")


def blanks_of(name: str) -> frozenset[str]:
    """Return the blanks that the phrase called `name` has."""
    extra = OperatorPhrases.model_fields[name].json_schema_extra
    blanks = extra.get("blanks") if isinstance(extra, dict) else None
    return frozenset(map(str, blanks)) if isinstance(blanks, list) else frozenset()
