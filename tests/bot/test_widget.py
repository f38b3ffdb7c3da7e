"""The widget in a real Chromium, used as a person uses it."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.bot.live import BOTH, QUESTION, Live, running, settings_in
from tests.fakes import FakeAssistant

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
INPUT = "Câu hỏi của anh/chị"
NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def office() -> Iterator[str]:
    """The intranet page of an office: another origin, with the one line."""
    with serving_page() as url:
        yield url


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, office: str) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("data")
    settings = settings_in(folder, DANVAN_SERVER__ALLOWED_ORIGINS=f"[{office}]")
    with running(settings, FakeAssistant(delay_s=0.01)) as live:
        OfficePage.script = f"{live.url}/widget.js"
        yield live


@pytest.fixture(autouse=True)
def as_new(server: Live) -> None:
    server.assistant.delay_s = 0.01
    server.assistant.error = None
    server.assistant.leaves_machine = False
    server.assistant.asked.clear()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """A page in a context of its own; any console error or exception fails the test."""
    troubles: list[str] = []
    contexts = []

    def make(url: str, *, quiet: bool = True, **options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        if quiet:
            page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
        page.goto(url)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not troubles


class OfficePage(http.server.BaseHTTPRequestHandler):
    script = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        line = f'<script src="{self.script}" defer></script>'
        page = f"<!doctype html><title>Nội bộ</title><link rel=icon href=data:,><h1>Cổng</h1>{line}"
        self.wfile.write(page.encode())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving_page() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), OfficePage) as pages:
        thread = threading.Thread(target=pages.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{pages.server_address[1]}"
        pages.shutdown()
        thread.join()


def ask(page: Page, question: str = QUESTION) -> None:
    page.get_by_label(INPUT).fill(question)
    page.get_by_label(INPUT).press("Enter")


def test_an_answer_has_chips_sources_and_quotes(server: Live, new_page: NewPage) -> None:
    page = new_page(server.url)
    ask(page)
    expect(page.locator(".text")).to_contain_text("Trước ngày 15/10/2024")
    chip = page.locator(".chip")
    expect(chip).to_have_text("1")
    expect(chip).to_have_attribute("href", f"{server.url}{citation_url(server)}")
    expect(chip).to_have_attribute("target", "_blank")
    expect(page.locator(".source .where")).to_contain_text("gạch đầu dòng 1 mục II")
    expect(page.locator(".source blockquote")).to_contain_text("qua Văn phòng Sở")
    expect(page.locator(".answer")).not_to_have_attribute("aria-busy", "true")


def test_a_source_tells_whose_it_is(server: Live, new_page: NewPage) -> None:
    page = new_page(server.url)
    ask(page)
    expect(page.locator(".whose")).to_have_text("Sở Nông nghiệp và PTNT, Tây Ninh")
    page.route("**/v1/documents*", lambda route: route.abort())  # it is known already
    ask(page, "Văn phòng có bao nhiêu máy in?")
    expect(page.locator(".nearest .whose").first).to_have_text("Sở Nông nghiệp và PTNT, Tây Ninh")


def citation_url(server: Live) -> str:
    return str(server.ask(QUESTION)["citations"][0]["url"])


def test_a_chip_opens_the_document_with_the_quote_in_sight(server: Live, new_page: NewPage) -> None:
    page = new_page(server.url, viewport={"width": 390, "height": 500})
    ask(page)
    with page.expect_popup() as opened:
        page.locator(".chip").click()
    expect(opened.value.locator("mark")).to_be_in_viewport()
    expect(opened.value.locator("mark")).to_contain_text("15/10/2024")


def test_by_keyboard_only(server: Live, office: str, new_page: NewPage) -> None:
    page = new_page(office)
    page.keyboard.press("Tab")
    launcher = page.get_by_role("button", name="Hỏi văn bản")
    expect(launcher).to_be_focused()
    expect(launcher).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Trợ lý văn bản")).to_be_visible()
    expect(page.get_by_label(INPUT)).to_be_focused()
    page.keyboard.type("Các đơn vị báo cáo kết quả")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("về Sở trước ngày nào?")
    expect(page.get_by_label(INPUT)).to_have_value(
        "Các đơn vị báo cáo kết quả\nvề Sở trước ngày nào?"
    )
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_be_visible()
    expect(page.get_by_label(INPUT)).to_be_focused()
    reach(page, ".chip")
    reach(page, ".open")
    reach(page, ".copy")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()
    page.keyboard.press("Tab")
    focused_inside = "document.querySelector('danvan-widget').shadowRoot.activeElement?.className"
    assert page.evaluate(focused_inside) in (None, "launcher")


def reach(page: Page, selector: str) -> None:
    """Shift+Tab until the element has the focus, with an outline to see it by."""
    target = page.locator(selector)
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if target.evaluate("node => node.getRootNode().activeElement === node"):
            assert target.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"
            for _ in range(12):  # back to where it was
                page.keyboard.press("Tab")
                if page.get_by_label(INPUT).evaluate("n => n.getRootNode().activeElement === n"):
                    return
    raise AssertionError(f"{selector} can't be reached")


def test_a_hidden_panel_is_out_of_reach(server: Live, office: str, new_page: NewPage) -> None:
    page = new_page(office)
    assert page.locator("section.panel").evaluate("node => node.inert && node.hidden")
    page.get_by_role("button", name="Hỏi văn bản").click()
    expect(page.get_by_role("log", name="Nội dung trao đổi")).to_be_visible()
    page.get_by_role("button", name="Đóng").click()
    assert page.locator("section.panel").evaluate("node => node.inert && node.hidden")


def test_the_head_of_the_panel_stays_in_sight(server: Live, office: str, new_page: NewPage) -> None:
    page = new_page(office, viewport={"width": 1000, "height": 480})
    page.get_by_role("button", name="Hỏi văn bản").click()
    for number in range(1, 4):
        ask(page)
        expect(page.locator(".chip")).to_have_count(number)
    assert page.locator(".panel").evaluate("node => node.scrollTop") == 0
    expect(page.get_by_role("button", name="Đóng")).to_be_in_viewport()


def test_another_origin_asks_where_it_is_allowed(
    server: Live, office: str, new_page: NewPage
) -> None:
    page = new_page(office)
    page.get_by_role("button", name="Hỏi văn bản").click()
    ask(page)
    href = page.locator(".chip").get_attribute("href")
    assert href and href.startswith(f"{server.url}/documents/")


def test_another_origin_is_refused_where_it_is_not(server: Live, new_page: NewPage) -> None:
    with serving_page() as stranger:
        page = new_page(stranger, quiet=False)  # the browser logs the CORS error
        page.get_by_role("button", name="Hỏi văn bản").click()
        ask(page)
        expect(page.locator(".error")).to_contain_text("chưa được phép dùng trợ lý")
        expect(page.locator(".error")).to_contain_text(stranger)
    assert not server.assistant.asked


def test_a_lost_network_is_no_refusal_of_the_page(
    server: Live, office: str, new_page: NewPage
) -> None:
    page = new_page(office, quiet=False)
    page.route(f"{server.url}/**", lambda route: route.abort())
    page.get_by_role("button", name="Hỏi văn bản").click()
    ask(page)
    expect(page.locator(".error")).to_contain_text("Không kết nối được")


def test_what_was_typed_is_never_markup(server: Live, new_page: NewPage) -> None:
    page = new_page(server.url)
    ask(page, '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>')
    expect(page.locator(".question")).to_contain_text("<img src=x")
    expect(page.locator(".source blockquote")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("danvan-widget img, danvan-widget script").count() == 0
    assert page.evaluate("window.hacked") is None


def test_an_answer_cannot_link_elsewhere(server: Live, new_page: NewPage) -> None:
    body = server.ask(QUESTION)
    body["citations"][0]["url"] = "javascript:alert(1)"
    event = f"event: done\ndata: {json.dumps(body)}\n\n"
    page = new_page(server.url)

    def answer(route: Route) -> None:
        route.fulfill(body=event, content_type="text/event-stream")

    page.route("**/v1/ask", answer)
    ask(page)
    expect(page.locator(".chip")).to_be_visible()
    assert page.locator(".chip[href], .open[href]").count() == 0


def test_a_refusal_shows_the_nearest_parts(server: Live, new_page: NewPage) -> None:
    page = new_page(server.url)
    ask(page, "Văn phòng có bao nhiêu máy in?")
    expect(page.locator(".verdict")).to_have_text("Không có trong kho văn bản")
    expect(page.locator(".nearest .source").first).to_contain_text("Văn phòng")
    expect(page.locator(".nearest .number")).to_have_count(0)


@pytest.mark.parametrize("question", [QUESTION, BOTH, "Giá vàng hôm nay ra sao?"])
def test_a_caution_is_shown_whatever_becomes_of_the_question(
    server: Live, new_page: NewPage, question: str
) -> None:
    page = new_page(server.url)
    ask(page, f"{question} Gọi tôi: 0912345678")
    expect(page.locator(".notice")).to_contain_text("thông tin cá nhân")


@pytest.mark.parametrize("leaves", [True, False])
def test_people_are_told_where_their_questions_go(
    server: Live, office: str, new_page: NewPage, leaves: bool
) -> None:
    server.assistant.leaves_machine = leaves
    page = new_page(office)
    with page.expect_response("**/health"):
        page.get_by_role("button", name="Hỏi văn bản").click()
    expect(page.get_by_text("ở ngoài máy chủ này")).to_be_visible(visible=leaves)


def test_choices_are_buttons(server: Live, new_page: NewPage) -> None:
    page = new_page(server.url)
    ask(page, BOTH)
    page.get_by_role("group", name="Chọn văn bản").get_by_role("button", name="Luật").click()
    expect(page.locator(".source .where")).to_contain_text("khoản 1 Điều 15")
    assert server.assistant.asked[-1].document_ids == frozenset({"luat-tiep-cong-dan"})


def test_examples_ask(server: Live, new_page: NewPage) -> None:
    page = new_page(server.url)
    examples = page.locator(".examples button")
    expect(examples).to_have_text([f"Tóm tắt {d.title}" for d in server.assistant.documents()])
    words = examples.first.inner_text()
    examples.first.click()
    expect(page.locator(".question")).to_contain_text(words)
    expect(page.locator(".welcome")).to_have_count(0)
    page.get_by_role("button", name="Cuộc trao đổi mới").click()
    expect(examples).to_have_count(2)


def test_an_empty_library_is_told(
    tmp_path_factory: pytest.TempPathFactory, new_page: NewPage
) -> None:
    settings = settings_in(tmp_path_factory.mktemp("data"))
    with running(settings, FakeAssistant(documents=())) as live:
        page = new_page(live.url)
        expect(page.locator(".welcome")).to_contain_text("kho chưa có văn bản nào")
        expect(page.locator(".examples")).to_have_count(0)


def test_a_lost_network_can_be_tried_again(server: Live, new_page: NewPage) -> None:
    page = new_page(server.url, quiet=False)
    page.route("**/v1/ask", lambda route: route.abort())
    ask(page)
    expect(page.locator(".error")).to_contain_text("Không kết nối được")
    page.unroute("**/v1/ask")
    page.get_by_role("button", name="Hỏi lại").click()
    expect(page.locator(".chip")).to_be_visible()
    expect(page.get_by_label(INPUT)).to_be_focused()


def test_a_server_error_is_said_in_vietnamese(server: Live, new_page: NewPage) -> None:
    with (page := new_page("about:blank")).expect_response("**/health"):
        page.goto(server.url)
    server.assistant.error = ValueError("secret")
    ask(page)
    expect(page.locator(".error")).to_contain_text("lỗi ngoài dự kiến")


def test_an_answer_can_be_stopped(server: Live, new_page: NewPage) -> None:
    server.assistant.delay_s = 0.3
    page = new_page(server.url)
    ask(page)
    expect(page.locator(".text")).to_contain_text("Trước")
    page.get_by_role("button", name="Dừng").click()
    expect(page.locator(".status")).to_have_text("Đã dừng.")
    expect(page.locator(".text")).to_contain_text("Trước")
    expect(page.get_by_role("button", name="Gửi")).to_be_visible()


def test_copying_takes_the_citations_along(server: Live, new_page: NewPage) -> None:
    page = new_page(server.url, permissions=["clipboard-read", "clipboard-write"])
    ask(page)
    expect(page.locator(".whose")).to_contain_text("Tây Ninh")
    page.get_by_role("button", name="Sao chép kèm nguồn").click()
    expect(page.get_by_role("button", name="Đã sao chép")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Trước ngày 15/10/2024")
    assert "[1] Kế hoạch thực hiện" in copied and "PTNT, Tây Ninh, gạch đầu dòng 1" in copied
    assert f"{server.url}/documents/ke-hoach-2024?q=" in copied


def test_copying_works_without_a_secure_context(server: Live, new_page: NewPage) -> None:
    page = new_page(server.url, permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    ask(page)
    page.get_by_role("button", name="Sao chép kèm nguồn").click()
    expect(page.get_by_role("button", name="Đã sao chép")).to_be_visible()
    assert "[1] Kế hoạch thực hiện" in page.evaluate("navigator.clipboard.readText()")


def test_a_reloaded_page_goes_on_with_its_conversation(server: Live, new_page: NewPage) -> None:
    page = new_page(server.url)
    ask(page)
    expect(page.locator(".chip")).to_be_visible()
    page.reload()
    ask(page, "Còn Văn phòng theo dõi?")
    expect(page.locator(".answer:not([aria-busy])")).to_be_visible()
    assert [asked.history for asked in server.assistant.asked] == [(), (QUESTION,)]
    page.get_by_role("button", name="Cuộc trao đổi mới").click()
    expect(page.locator(".welcome")).to_be_visible()
    ask(page)
    expect(page.locator(".chip")).to_be_visible()
    assert [asked.history for asked in server.assistant.asked] == [(), (QUESTION,), ()]


def test_a_person_may_delete_the_conversation(server: Live, office: str, new_page: NewPage) -> None:
    page = new_page(office)
    page.get_by_role("button", name="Hỏi văn bản").click()
    button = page.get_by_role("button", name="Xoá hội thoại")
    expect(button).to_be_hidden()
    ask(page)
    button.click()
    expect(page.get_by_role("status")).to_have_text("Đã xoá hội thoại khỏi máy chủ.")
    expect(button).to_be_hidden()
    ask(page)
    expect(page.locator(".chip")).to_be_visible()
    assert [asked.history for asked in server.assistant.asked] == [(), ()]


def test_what_could_not_be_deleted_is_said(server: Live, new_page: NewPage) -> None:
    page = new_page(server.url, quiet=False)  # the browser logs the 503
    ask(page)
    page.route("**/v1/conversations/*", lambda route: route.fulfill(status=503, body="{}"))
    page.get_by_role("button", name="Xoá hội thoại").click()
    expect(page.get_by_role("alert")).to_contain_text("Xin thử lại sau")
    expect(page.locator(".chip")).to_be_visible()


def test_a_question_that_is_too_long_is_not_sent(server: Live, new_page: NewPage) -> None:
    page = new_page(server.url)
    ask(page, "ế" * 2001)
    expect(page.get_by_role("alert")).to_contain_text("2.001")
    assert page.get_by_label(INPUT).input_value() == "ế" * 2001
    assert not server.assistant.asked


def test_a_key_is_asked_for_and_used(
    tmp_path_factory: pytest.TempPathFactory, new_page: NewPage
) -> None:
    settings = settings_in(tmp_path_factory.mktemp("data"), DANVAN_SERVER__API_KEY="mo-cua")
    with running(settings) as live:
        page = new_page(live.url, quiet=False)  # the browser logs the 401
        ask(page)
        page.get_by_label("Mã truy cập").fill("mo-cua")
        page.get_by_role("button", name="Dùng mã này").click()
        expect(page.locator(".chip")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/documents", "/documents/ke-hoach-2024?q=396-473"])
def test_nothing_sticks_out_at_360_px_and_contrast_is_enough(
    server: Live, new_page: NewPage, path: str, scheme: str
) -> None:
    viewport = {"width": 360, "height": 740}
    page = new_page(server.url + path, viewport=viewport, color_scheme=scheme)
    if path == "/":
        ask(page, f"{QUESTION} Gọi tôi: 0912345678")
        expect(page.locator(".chip")).to_be_visible()
        expect(page.locator(".notice")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate(LOW_CONTRAST) == []


# Texts whose colour stands out from the ground behind them by less than 4.5 : 1 (WCAG AA).
LOW_CONTRAST = """() => {
  const rgb = (css) => css.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement || at.getRootNode().host) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const low = [];
  const visit = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) visit(node.shadowRoot);
      const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
      if (!own || !node.checkVisibility({ opacityProperty: true })) continue;
      const pair = [rgb(getComputedStyle(node).color), ground(node)].map(light).sort();
      const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
      if (ratio < 4.5) low.push(`${node.tagName} ${node.textContent} ${ratio}`);
    }
  };
  visit(document.body);
  return low;
}"""
