"""Every sentence that the program says by itself, in Vietnamese; one for each error class.

Answers and refusals are not here: they come from `rag`. A test checks that no error is forgotten.
"""

from __future__ import annotations

from bot import errors as edge_errors
from corpus import errors as corpus_errors
from rag import errors as rag_errors

ERRORS: dict[type[Exception], str] = {
    # corpus
    corpus_errors.CorpusError: "Chưa đọc được kho văn bản. Xin thử lại sau.",
    corpus_errors.UnreadableDocument: (
        "Không đọc được văn bản này: tệp trống, hỏng, là ảnh chụp hoặc thuộc loại chưa hỗ trợ."
    ),
    corpus_errors.DocumentTooLarge: "Tệp văn bản quá lớn so với mức cho phép.",
    corpus_errors.BrokenCatalogue: (
        "Tệp danh mục catalogue.yaml có lỗi, cần người quản trị kiểm tra lại."
    ),
    corpus_errors.SecretDocument: (
        "Văn bản có dấu chỉ độ mật nên không được đưa vào kho (thiết lập library.allow_secret)."
    ),
    corpus_errors.UnknownField: "Trường thông tin cần sửa không có trong hồ sơ văn bản.",
    corpus_errors.UnknownDocument: "Không có văn bản này trong kho.",
    corpus_errors.ShippedDocument: "Văn bản đi kèm chương trình thì không xoá được.",
    # rag
    rag_errors.RagError: "Chưa trả lời được lúc này. Xin thử lại sau.",
    rag_errors.EmbedderUnavailable: (
        "Mô hình tìm kiếm chưa nạp được. Xin báo người quản trị và thử lại sau."
    ),
    rag_errors.PairScorerUnavailable: (
        "Mô hình đọc câu hỏi cùng căn cứ không dùng được. Đề nghị báo người quản trị."
    ),
    rag_errors.RerankerUnavailable: (
        "Mô hình xếp hạng lại (retrieval.cross_encoder) không dùng được. Xin báo người quản trị."
    ),
    rag_errors.EntailmentUnavailable: (
        "Mô hình suy luận (chat_model.entailment) không dùng được. Xin báo người quản trị."
    ),
    rag_errors.IndexUnavailable: (
        "Chỉ mục tìm kiếm chưa mở được. Xin báo người quản trị và thử lại sau."
    ),
    rag_errors.DataFolderBusy: "Thư mục dữ liệu đang do một tiến trình danvan khác sử dụng.",
    rag_errors.DataFolderUnwritable: (
        "Không ghi được vào thư mục dữ liệu: thiếu quyền hoặc đĩa đã đầy."
    ),
    rag_errors.BrokenAbbreviations: (
        "Tệp chữ viết tắt của cơ quan không dùng được: mỗi dòng cần có dạng “VIẾT TẮT: cụm từ đầy đủ”."
    ),
    rag_errors.ChatModelUnavailable: "Mô hình ngôn ngữ chưa phản hồi. Xin thử lại sau.",
    rag_errors.InvalidQuestion: "Câu hỏi cần có từ 1 đến 2.000 ký tự.",
    # bot
    edge_errors.EdgeError: "Yêu cầu chưa hợp lệ.",
    edge_errors.BadRequestBody: "Nội dung gửi lên không phải là JSON hợp lệ (UTF-8).",
    edge_errors.BodyTooLarge: "Nội dung gửi lên quá lớn.",
    edge_errors.WrongKey: "Thiếu mã truy cập hoặc mã truy cập không đúng.",
    edge_errors.ManagementRefused: (
        "Việc quản lý văn bản chỉ làm được bằng lệnh danvan trên chính máy chủ."
    ),
    edge_errors.OriginRefused: "Trang web này chưa được phép dùng trợ lý.",
    edge_errors.UnknownModel: "Không có mô hình này. Xin dùng mô hình “danvan”.",
    edge_errors.TextOnly: "Trợ lý chỉ đọc được chữ. Xin gõ nội dung cần hỏi thành chữ.",
    edge_errors.UnknownFilter: "Bộ lọc có mã văn bản không có trong kho.",
    edge_errors.UnknownConversation: "Không có hội thoại này; có thể đã xoá hoặc đã hết hạn.",
    edge_errors.NotDeleted: (
        "Chưa xoá được hội thoại (đĩa đầy hoặc thiếu quyền). Xin báo người quản trị và thử lại."
    ),
    edge_errors.TooManyQuestions: "Anh/chị đang hỏi quá nhanh. Xin chờ ít giây rồi hỏi tiếp.",
    edge_errors.TooBusy: "Đang có nhiều người hỏi cùng lúc. Xin thử lại sau ít giây.",
    edge_errors.TelegramNotReady: "Kênh Telegram chưa sẵn sàng.",
    edge_errors.AddressUnavailable: (
        "Không mở được địa chỉ máy chủ: cổng đang có chương trình khác dùng."
    ),
    edge_errors.ServerProblem: "Máy chủ danvan đang chạy không làm được việc này.",
    edge_errors.ServerSilent: "Máy chủ danvan đang chạy không trả lời. Xin xem nhật ký máy chủ.",
}

SOURCES = "Nguồn:"
NEAREST = "Chỗ gần nhất trong kho:"
NOTICES = "Lưu ý:"  # on what is cited, or on the question
UNTITLED = "Hỏi đáp văn bản"
UNEXPECTED = "Có lỗi ngoài dự kiến. Xin thử lại; nếu vẫn lỗi, xin báo người quản trị."

STATUSES: dict[int, str] = {
    400: "Yêu cầu chưa hợp lệ.",
    404: "Không có địa chỉ này.",
    405: "Địa chỉ này không nhận kiểu yêu cầu đó.",
    413: ERRORS[edge_errors.BodyTooLarge],
    415: "Kiểu nội dung gửi lên không được hỗ trợ.",
    422: "Dữ liệu gửi lên chưa đúng dạng.",
    500: UNEXPECTED,
    503: "Dịch vụ tạm thời chưa sẵn sàng. Xin thử lại sau.",
}

CONVERSATIONS_FAILED = (
    "Không ghi được nội dung trao đổi (đĩa đầy hoặc thiếu quyền); câu trả lời vẫn hoạt động."
)
TELEGRAM_RETRYING = "Chưa kết nối được Telegram; đang tự thử lại. Kênh web vẫn hoạt động."
TELEGRAM_WRONG_TOKEN = "Telegram từ chối mã (token) của bot. Kênh web vẫn hoạt động."
TELEGRAM_INCOMPLETE = (
    "Chế độ webhook cần server.public_url và telegram.webhook_secret. Kênh web vẫn hoạt động."
)
QUOTE_MOVED = "Không đánh dấu được đoạn trích: vị trí trong liên kết không có trong văn bản này."

FIELD_KINDS = {
    "missing": "còn thiếu",
    "string_type": "phải là chuỗi ký tự",
    "string_unicode": "có ký tự Unicode không hợp lệ",
    "list_type": "phải là danh sách",
    "extra_forbidden": "không được hỗ trợ",
    "model_attributes_type": "phải là một đối tượng JSON",
    "model_type": "phải là một đối tượng JSON",
    "dict_type": "phải là một đối tượng JSON",
    "too_long": "có quá nhiều phần tử",
    "string_too_long": "quá dài",
    "string_too_short": "để trống (muốn bỏ giá trị đã sửa, xin gửi null)",
    "not_a_day": "không phải là ngày (ví dụ 2024-01-18)",
    "bool_parsing": "phải là true hoặc false",
    "iso_day": "phải là ngày dạng năm-tháng-ngày, ví dụ 2026-03-31",
    "literal_error": "không phải là một trong các giá trị được nhận",
}


def sentence_for(error: BaseException) -> str:
    """The sentence of the error's class, or of the nearest class above it."""
    for kind in type(error).__mro__:
        if kind in ERRORS:
            return ERRORS[kind]
    return UNEXPECTED


def status_sentence(status: int) -> str:
    """A sentence for an HTTP status that no error class of ours stands for."""
    return STATUSES.get(status, STATUSES[500 if status >= 500 else 400])


def invalid_field(location: tuple[int | str, ...], kind: str) -> str:
    """What is wrong with one field of a request; `kind` is pydantic's name of the error."""
    names = [str(step) for step in location if step not in ("body", "query", "path")]
    what = FIELD_KINDS.get(kind, "chưa đúng dạng")
    if not names:
        return f"Nội dung gửi lên {what}."
    return f"Trường “{'.'.join(names)}” {what}."
