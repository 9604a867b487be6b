"""People, chats and messages in the Bot API's shapes (core.telegram.org/bots/api#available-types)."""

from bot.sandbox.wire import Json
from bot.sandbox.world import Bot, Chat, ChatType, Message, Person, Standing, World

# What an administrator may do; the sandbox does not model single rights, an administrator has them all.
_RIGHTS = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
]


def user(who: Person | Bot) -> Json:
    """A User."""
    if isinstance(who, Bot):
        return {"id": who.id, "is_bot": True, "first_name": who.first_name, "username": who.username}
    return {
        "id": who.id,
        "is_bot": False,
        "first_name": who.first_name,
        "language_code": who.language_code,
    }


def me(bot: Bot) -> Json:
    """The User that getMe gives, which says more about the bot."""
    return user(bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": bot.can_read_all_group_messages,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
    }


def chat(where: Chat) -> Json:
    """A Chat."""
    if where.type is ChatType.PRIVATE:
        return {"id": where.id, "type": "private", "first_name": where.title}
    shape: Json = {"id": where.id, "type": where.type.value, "title": where.title}
    if where.username:
        shape["username"] = where.username
    return shape


def full_chat(where: Chat) -> Json:
    """A ChatFullInfo with the pinned message, if there is one."""
    shape = chat(where) | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    if where.pinned and (pinned := where.messages.get(where.pinned[-1])):
        shape["pinned_message"] = message(pinned)
    return shape


def member(who: Person | Bot, standing: Standing) -> Json:
    """A ChatMember."""
    shape: Json = {"status": standing.value, "user": user(who)}
    if standing is Standing.CREATOR:
        shape["is_anonymous"] = False
    elif standing is Standing.ADMINISTRATOR:
        shape |= {"can_be_edited": False, "is_anonymous": False}
        shape |= dict.fromkeys(_RIGHTS, True)
    elif standing is Standing.KICKED:
        shape["until_date"] = 0
    return shape


def message(it: Message, with_reply: bool = True) -> Json:
    """A Message; a message it replies to is given without its own reply, as Telegram does."""
    shape: Json = {"message_id": it.id, "date": it.date, "chat": chat(it.chat)}
    if isinstance(it.sender, Chat):
        shape["sender_chat"] = chat(it.sender)
    else:
        shape["from"] = user(it.sender)
    if it.edit_date:
        shape["edit_date"] = it.edit_date
    shape |= it.fields
    if it.text:
        body = "caption" if it.stub else "text"
        shape[body] = it.text
        if it.entities:
            shape["caption_entities" if it.stub else "entities"] = it.entities
    if with_reply and it.reply_to:
        shape["reply_to_message"] = message(it.reply_to, with_reply=False)
        if it.quote:
            shape["quote"] = {"text": it.quote, "position": 0, "is_manual": True}
    if it.buttons:
        shape["reply_markup"] = {"inline_keyboard": it.buttons}
    if it.is_protected:
        shape["has_protected_content"] = True
    if it.preview is not None:
        shape["link_preview_options"] = it.preview
    return shape


def seen_message(world: World, it: Message) -> Json:
    """A Message as an update carries it, with the bot named where it was sent through the bot."""
    shape = message(it)
    if it.is_via_bot:
        shape["via_bot"] = user(world.bot)
    return shape
