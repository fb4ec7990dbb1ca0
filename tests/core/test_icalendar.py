from datetime import UTC, date, datetime

from core.icalendar import Event, calendar_file

NOW = datetime(2019, 10, 9, 2, 0, tzinfo=UTC)


def test_lines_are_folded_at_75_bytes_without_breaking_a_character():
    event = Event("a@sanda", "学习讨论" * 20, date(2019, 9, 11), date(2019, 9, 11))

    lines = calendar_file("三大", [event], NOW).split("\r\n")

    assert max(len(line.encode()) for line in lines) <= 75
    assert "SUMMARY:" + "学习讨论" * 20 in "".join(
        line.removeprefix(" ") if line.startswith(" ") else f"\n{line}" for line in lines
    )


def test_what_people_wrote_cannot_end_a_line_or_begin_a_property():
    event = Event(
        "a@sanda",
        "通知；请看, 附件\r\nATTACH:http://x",
        date(2019, 9, 11),
        date(2019, 9, 12),
        description="一\n二",
    )

    text = calendar_file("三;大", [event], NOW)

    assert "X-WR-CALNAME:三\\;大\r\n" in text
    assert "SUMMARY:通知；请看\\, 附件\\nATTACH:http://x\r\n" in text
    assert "DESCRIPTION:一\\n二\r\n" in text


def test_a_day_ends_on_the_day_after_as_the_standard_counts():
    event = Event("a@sanda", "动员", date(2019, 12, 31), date(2019, 12, 31))

    text = calendar_file("三大", [event], NOW)

    assert "DTSTART;VALUE=DATE:20191231\r\nDTEND;VALUE=DATE:20200101\r\n" in text
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")
