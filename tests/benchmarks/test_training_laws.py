from benchmarks.training_laws import file_name, laws, text_of

ARTICLE = (
    '{{"law_id": "{law}", "article_id": "{n}", "title": "Điều 36.3.LQ.{n}. {title}",'
    ' "chapter": "Chương I NHỮNG QUY ĐỊNH CHUNG", "topic": "Thanh niên",'
    ' "source": "(Điều {n} Luật số {law} Luật Thanh niên)", "text": "{text}"}}'
)


def test_a_law_is_written_from_its_own_articles_in_their_order() -> None:
    corpus = [
        ARTICLE.format(law="57/2020/QH14", n=1, title="Thanh niên", text="Từ đủ 16 tuổi."),
        ARTICLE.format(law="13/2018/NĐ-CP", n=1, title="Khác", text="Không hỏi tới."),
        ARTICLE.format(law="57/2020/QH14", n=2, title="Phạm vi", text="Luật này quy định."),
    ]

    found = laws(corpus, {"57-2020-qh14.txt"})

    assert list(found) == ["57-2020-qh14.txt"]
    assert text_of(found["57-2020-qh14.txt"]).splitlines() == [
        "Số: 57/2020/QH14", "LUẬT", "Thanh niên", "Chương I", "NHỮNG QUY ĐỊNH CHUNG",
        "Điều 1. Thanh niên", "Từ đủ 16 tuổi.", "Điều 2. Phạm vi", "Luật này quy định.",
    ]  # fmt: skip


def test_a_file_is_named_as_the_labels_name_it() -> None:
    assert file_name("13/2018/NĐ-CP") == "13-2018-nd-cp.txt"
