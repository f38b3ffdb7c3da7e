"""What the bot says by itself on Telegram, in Vietnamese. Sentences for errors: `replies.py`."""

from __future__ import annotations

from collections.abc import Sequence

# name, what the menu of Telegram shows for it
COMMANDS = (
    ("hoi", "Hỏi, nhất là trong nhóm: /hoi câu hỏi"),
    ("nguon", "Xem nguồn của câu trả lời gần nhất"),
    ("moi", "Bắt đầu cuộc trao đổi mới"),
    ("xoa", "Xoá cuộc trao đổi đang có"),
    ("help", "Cách dùng"),
    ("start", "Bắt đầu"),
)

START = (
    "Xin chào anh/chị! Tôi trả lời câu hỏi dựa trên các văn bản có trong kho của cơ quan, "
    "kèm trích dẫn nguyên văn. Anh/chị gõ câu hỏi bằng một tin nhắn là được. Cách dùng: /help"
)
EXAMPLES = "Ví dụ, anh/chị có thể hỏi:"
EMPTY = "Hiện kho chưa có văn bản nào. Khi người quản trị đã thêm văn bản, mời anh/chị hỏi tại đây."
HELP = (
    "Cách dùng:\n"
    "• Gõ câu hỏi bằng chữ, tối đa 2.000 ký tự. Câu hỏi ví dụ: /start\n"
    "• Bấm nút dưới câu trả lời để xem nguyên văn đoạn được trích.\n"
    "• Trong nhóm: nhắc tên tôi (@{username}), trả lời tin nhắn của tôi, hoặc dùng /hoi.\n"
    "• Sửa tin nhắn cũ thì tôi không trả lời lại; xin gửi tin nhắn mới.\n\n"
    "/hoi câu hỏi – hỏi\n"
    "/nguon – nguồn của câu trả lời gần nhất\n"
    "/moi – bắt đầu cuộc trao đổi mới\n"
    "/xoa – xoá cuộc trao đổi đang có khỏi máy chủ\n\n"
    "Tin nhắn đi qua máy chủ của Telegram: xin đừng gửi bí mật nhà nước, thông tin cá nhân."
)
QUESTIONS_LEAVE = "Câu hỏi còn được gửi tới một mô hình ngôn ngữ ở ngoài máy chủ này."
NEW_CONVERSATION = "Đã bắt đầu cuộc trao đổi mới. Mời anh/chị đặt câu hỏi."
DELETED = "Đã xoá cuộc trao đổi này khỏi máy chủ. Tin nhắn trong Telegram thì anh/chị tự xoá trên máy mình."
NOTHING_TO_DELETE = "Hiện không có cuộc trao đổi nào đang mở để xoá."

NO_ANSWER_YET = "Trong cuộc trao đổi này chưa có câu trả lời nào. Mời anh/chị đặt câu hỏi."
NO_SOURCES = "Câu trả lời gần nhất không trích dẫn văn bản nào."
OPEN_DOCUMENT = "Mở văn bản"

TEXT_ONLY = "Tôi chỉ đọc được chữ. Xin anh/chị gõ câu hỏi thành tin nhắn."
QUESTION_MISSING = "Xin gõ câu hỏi ngay sau lệnh hoặc tên tôi, theo dạng: /hoi câu hỏi"
UNKNOWN_COMMAND = "Tôi không có lệnh này. Anh/chị gõ thẳng câu hỏi, hoặc xem /help."
EXPIRED_BUTTON = "Nút này đã hết hạn. Xin anh/chị hỏi lại."
EXPIRED_CHOICE = "Lựa chọn này thuộc câu hỏi cũ. Xin anh/chị hỏi lại câu đó."
NOT_ALLOWED = "Anh/chị chưa được cấp quyền dùng trợ lý này."


def stranger(user_id: int) -> str:
    """For a person who is not in `telegram.allowed_users`."""
    return (
        f"{NOT_ALLOWED} Xin gửi mã người dùng này cho người quản trị để được cấp quyền: {user_id}"
    )


def strange_group(chat_id: int) -> str:
    """For a group that is not in `telegram.allowed_groups`."""
    return (
        "Nhóm này chưa được cấp quyền dùng trợ lý. "
        f"Xin gửi mã nhóm này cho người quản trị để được cấp quyền: {chat_id}"
    )


def nearest(place: str) -> str:
    """The button of a part that is near to what was asked, but does not answer it."""
    return f"Xem: {place}"


def start(examples: Sequence[str], documents: int) -> str:
    """The greeting, with questions that the library answers."""
    if not documents:
        return f"{START}\n\n{EMPTY}"
    if not examples:
        return START
    return "\n".join((f"{START}\n\n{EXAMPLES}", *(f"• {one}" for one in examples)))


def about(instrument: str) -> str:
    """The instrument that a news page reports."""
    return f"Đưa tin về: {instrument}"
