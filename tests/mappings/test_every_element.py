"""Every element of the published schemas is in the mapping, and no other is."""

from importing import NATIONAL, mapping, pack
from schemas import api_fields, census_codes, census_elements, leaves

from scr_audit.mappings.mapping import Step
from scr_audit.mappings.mapping_loader import load_mapping, mapping_files
from scr_audit.packs.yaml_source import read_yaml

RECORD = "Message/Children/Child/"


def census_leaves(found) -> set[str]:
    inside = {f"{RECORD}{path}" for path in leaves(found.inside)}
    return inside | {f"Message/{path}" for path in leaves(found.outside)}


def test_the_schema_of_the_census_and_the_mapping_have_the_same_elements():
    assert len(census_elements()) == 42
    assert census_leaves(mapping("cin-census")) == census_elements()


def test_the_description_of_the_api_and_the_mapping_have_the_same_fields():
    assert len(api_fields()) == 66
    assert leaves(mapping("dfe-api").inside) == api_fields()


def test_a_forgotten_element_is_noticed(tmp_path):
    text = mapping_files(pack())["cin-census"].read_text(encoding="utf-8")
    why = "No fact says when a case was closed."
    line = f"  CINdetails/CINclosureDate: {{left_out: no_fact, why: {why}}}\n"
    assert line in text
    path = tmp_path / "short.yaml"
    path.write_text(text.replace(line, ""), encoding="utf-8")
    missing = census_elements() - census_leaves(load_mapping(path, pack()))
    assert missing == {f"{RECORD}CINdetails/CINclosureDate"}


def test_the_sample_has_no_element_that_is_unknown():
    from lxml import etree

    root = etree.parse(NATIONAL / "cin-census-2022-sample.xml").getroot()
    tree = root.getroottree()
    paths = {tree.getelementpath(each) for each in root.iter() if not len(each)}
    plain = {f"Message/{path}".replace("[1]", "").replace("[2]", "") for path in paths}
    assert plain <= census_elements()


def test_all_codes_of_the_census_are_in_the_tables():
    value = read_yaml(mapping_files(pack())["cin-census"].read_bytes(), "x").value["codes"]
    assert set(value["referral_source"]) == census_codes("referralsourcetype")
    assert set(value["abuse_category"]) == census_codes("categoryofabuse")
    assert set(value["factor"]) - census_codes("assessmentfactorstype") == {"18A", "19A"}
    assert census_codes("assessmentfactorstype") <= set(value["factor"])


def test_the_api_uses_the_codes_of_the_census():
    census, api = (
        read_yaml(mapping_files(pack())[name].read_bytes(), "x").value["codes"]
        for name in ("cin-census", "dfe-api")
    )
    assert api == {name: census[name] for name in api}


def test_what_identifies_somebody_gives_a_coarse_fact_or_none():
    names = ("upn", "birth", "death", "name", "postcode", "_id", "childid", "worker", "pupil")
    for found in (mapping("cin-census"), mapping("dfe-api")):
        for step in walk(found.inside):
            telling = any(name in step.path.rpartition("/")[2].lower() for name in names)
            if telling and not step.is_group and step.left_out != "not_needed":
                coarse = step.uses and all(
                    use.conversion is not None and use.conversion.coarsens for use in step.uses
                )
                assert step.left_out == "identifiable" or coarse, step.path


def walk(step: Step):
    yield step
    for below in step.steps.values():
        yield from walk(below)
