"""Which parts a report has, by the plan of its run, and what it says of those left out."""

from scr_audit.packs.report_sections import SECTIONS, Format, parts_of
from scr_audit.report.standings import Bundle
from scr_audit.report.wording import listed


def sections_of(bundle: Bundle) -> list[str] | None:
    """The sections that the plan of a run names, in its order; None where it names none."""
    return (bundle["plan"] or {}).get("sections")


def wanted(bundle: Bundle) -> list[str]:
    """The sections that reports are to have, in order: all where the plan names none."""
    found = sections_of(bundle)
    return list(SECTIONS) if found is None else list(found)


def parts(bundle: Bundle, name: Format) -> list[str]:
    """The parts of a report in a format between its head and what it rests on, in order."""
    return parts_of(sections_of(bundle), name)


def has_section(bundle: Bundle, name: str) -> bool:
    """Whether a report is to have a section."""
    return name in wanted(bundle)


def leaves_out(bundle: Bundle, *formats: Format) -> str:
    """One sentence that names what the plan leaves out of a report; empty where it is nothing.

    What the run has nothing of, and what the formats never have, is not left out.
    """
    titles = [
        section.title
        for name, section in SECTIONS.items()
        if not has_section(bundle, name)
        and any(section.parts(each) for each in formats)
        and (not section.needs or bundle.get(section.needs))
    ]
    return f"This report leaves out: {listed(titles)}, as the plan says." if titles else ""
