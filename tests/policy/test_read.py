"""policy.toml → values, and what is said of a file that is wrong."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import PolicyError
from graphchannel.policy import END_USER, VENDOR, Goal, load_policy
from graphchannel.resources import pack

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.policy import Policy

GOOD = """
name = "small"
title = "A small policy"
source = "nowhere, sections 1 and 2"

[[roles]]
id = "wholesaler"
name = "Wholesaler"
supply_tier = 1
section = "1"

[[roles]]
id = "shop"
name = "Shop"
supply_tier = 2
section = "1"

[[supply]]
seller = ["wholesaler"]
buyer = ["shop"]
ruling = "allowed"
section = "2"

[[obligations]]
role = ["shop"]
capabilities = ["advice"]
section = "2"

[[goals]]
measure = "partners"
value = 12
role = "shop"
due = 2015-12-31
doc = "a dozen shops"

[parameters.days]
type = "integer"
value = 3
section = "2"
doc = "some days"

[rules."supply/some-rule"]
severity = "low"
"""
TIERS = ("platinum", "gold", "silver", "recognized")


def policy_of(tmp_path: Path, text: str) -> Policy:
    (tmp_path / "policy.toml").write_text(text, "utf-8")
    return load_policy(tmp_path)


def message_of(tmp_path: Path, text: str) -> str:
    with pytest.raises(PolicyError) as caught:
        policy_of(tmp_path, text)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'policy.toml'}: ")
    return message.removeprefix(f"{tmp_path / 'policy.toml'}: ")


def test_a_good_file_becomes_values(tmp_path: Path) -> None:
    policy = policy_of(tmp_path, GOOD)
    assert policy.role_ids == ("wholesaler", "shop")
    assert [role.rank for role in policy.roles] == [1, 2]
    assert policy.vocabulary == ("wholesaler", "shop", "certified_end_user")
    ruling = policy.ruling("wholesaler", "shop")
    assert ruling is not None
    assert ruling.ruling == "allowed"
    assert policy.ruling("shop", "wholesaler") is None
    assert policy.goals == (Goal("partners", 12, "a dozen shops", "shop", due=date(2015, 12, 31)),)
    assert policy.parameters["days"].value == 3
    assert policy.rules["supply/some-rule"].severity == "low"
    assert policy.rules["supply/some-rule"].enabled


def test_the_shipped_policy_rules_on_the_pairs_that_the_document_names() -> None:
    policy = load_policy(pack())
    assert policy.role_ids == ("distributor", "vap", *TIERS)
    assert [role.supply_tier for role in policy.roles] == [1, 1, 2, 2, 2, 2]
    rulings = {(entry.seller, entry.buyer): entry.ruling for entry in policy.supply}
    assert rulings == (
        {
            (VENDOR, "distributor"): "allowed",
            (VENDOR, "vap"): "allowed",
            ("vap", END_USER): "allowed",
        }
        | {("distributor", tier): "allowed" for tier in TIERS}
        | {(tier, END_USER): "allowed" for tier in TIERS}
        | {("distributor", END_USER): "discouraged"}
        | {("vap", tier): "forbidden" for tier in TIERS}
    )
    owed = {
        role: {o.capability for o in policy.obligations if o.role == role}
        for role in policy.role_ids
    }
    support = {"customer_platform", "presales_support", "postsales_support", "branding"}
    assert owed == {
        "distributor": {
            "logistics",
            "financing",
            "technical_support",
            "service_support",
            "marketing",
            "branding",
        },
        "vap": {
            "customer_platform",
            "technical_support",
            "solution_support",
            "branding",
            "system_integration",
            "industry_consultancy",
        },
        "platinum": support,
        "gold": support,
        "silver": support,
        "recognized": {"presales_support", "branding"},
    }
    goals = {goal.measure: (goal.value, goal.due) for goal in policy.goals}
    assert goals == {
        "partners": (1000, date(2015, 12, 31)),
        "partner_revenue_share": (1.0, None),
        "top_market_share": (0.6, None),
    }
    values = {name: parameter.value for name, parameter in policy.parameters.items()}
    assert values == {
        "segments": ("industry", "enterprise", "commercial"),
        "sell_off_days": 0,
        "satisfaction_months": 12,
        "satisfaction_respondents": 5,
        "satisfaction_threshold": 6.0,
        "market_share_threshold": 0.5,
        "window_days": 180,
        "opening_stock": 50,
        "minimum_employees": None,
        "minimum_capital": None,
    }


@pytest.mark.parametrize(
    ("changed", "to"),
    [
        ('supply_tier = 2\nsection = "1"', 'supply_tier = 1\nsection = "1"'),
        ('ruling = "allowed"', 'ruling = "forbidden"\nrule = "supply/x"'),
        ('capabilities = ["advice"]', 'capabilities = ["advice", "repair"]'),
        ('id = "shop"\nname = "Shop"', 'id = "shop"\nname = "Store"'),
    ],
)
def test_the_fingerprint_follows_what_derived_rows_depend_on(
    tmp_path: Path, changed: str, to: str
) -> None:
    assert changed in GOOD
    before = policy_of(tmp_path, GOOD).fingerprint
    assert policy_of(tmp_path, GOOD.replace(changed, to, 1)).fingerprint != before


def test_the_fingerprint_leaves_thresholds_goals_and_severities_alone(tmp_path: Path) -> None:
    before = policy_of(tmp_path, GOOD).fingerprint
    after = GOOD.replace("value = 3", "value = 4").replace('severity = "low"', "enabled = false")
    after = after.replace("value = 12", "value = 13")
    assert policy_of(tmp_path, after).fingerprint == before


@pytest.mark.parametrize(
    ("changed", "to", "message"),
    [
        (
            'title = "A',
            'titel = "A',
            (
                "the file: key 'titel' is unknown (has: due_days, goals, name, obligations, "
                "parameters, roles, rules, source, supply, title, tolerance). Did you mean 'title'?"
            ),
        ),
        ('name = "small"', 'name = ""', "the file: name is ''; expected a text."),
        (
            'id = "shop"\n',
            'id = "shop"\nrank = 2\n',
            "roles entry 2: key 'rank' is unknown (has: id, name, section, supply_tier).",
        ),
        (
            'id = "shop"',
            'id = "wholesaler"',
            "roles entry 2: role 'wholesaler' is reserved or defined twice.",
        ),
        (
            'id = "shop"',
            'id = "end_user"',
            "roles entry 2: role 'end_user' is reserved or defined twice.",
        ),
        ("supply_tier = 2", "supply_tier = 3", "roles entry 2: supply_tier is 3; expected 1 or 2."),
        (
            "supply_tier = 2",
            "supply_tier = true",
            "roles entry 2: supply_tier is True; expected 1 or 2.",
        ),
        ("supply_tier = 2", "", "roles entry 2: supply_tier is None; expected 1 or 2."),
        (
            'seller = ["wholesaler"]',
            'seller = ["wholesailer"]',
            (
                "supply entry 1: seller names 'wholesailer', which is no role here. "
                "Did you mean 'wholesaler'?"
            ),
        ),
        (
            'buyer = ["shop"]',
            'buyer = "shop"',
            "supply entry 1: buyer is 'shop'; expected a list of names.",
        ),
        (
            'buyer = ["shop"]',
            'buyer = ["shop", "shop"]',
            "supply entry 1: wholesaler → shop has a ruling already.",
        ),
        (
            'ruling = "allowed"',
            'ruling = "forbiden"',
            (
                "supply entry 1: ruling is 'forbiden'; expected one of allowed, discouraged, "
                "forbidden. Did you mean 'forbidden'?"
            ),
        ),
        (
            'ruling = "allowed"',
            'ruling = "forbidden"',
            (
                "supply entry 1: a ruling other than 'allowed' names its rule, and an allowed one "
                "does not."
            ),
        ),
        (
            'ruling = "allowed"',
            'ruling = "allowed"\nrule = "supply/x"',
            (
                "supply entry 1: a ruling other than 'allowed' names its rule, and an allowed one "
                "does not."
            ),
        ),
        (
            'role = ["shop"]',
            'role = ["shop", "vendor"]',
            "obligations entry 1: role names 'vendor', which is no role here.",
        ),
        (
            'capabilities = ["advice"]',
            'capabilities = ["advice", "advice"]',
            "obligations entry 1: shop must offer advice already.",
        ),
        (
            'measure = "partners"',
            'measure = "partner"',
            (
                "goals entry 1: measure is 'partner'; expected one of partners, "
                "partner_revenue_share, top_market_share. Did you mean 'partners'?"
            ),
        ),
        (
            'measure = "partners"',
            'measure = "top_market_share"',
            "goals entry 1: value is 12; expected a share from 0 to 1.",
        ),
        (
            'measure = "partners"\nvalue = 12',
            'measure = "top_market_share"\nvalue = 0.5',
            "goals entry 1: role and country go with the measure 'partners' only.",
        ),
        (
            "value = 12",
            "value = 0.5",
            "goals entry 1: value is 0.5; expected a whole number from 1 on.",
        ),
        ("value = 12", "value = true", "goals entry 1: value is True; expected a number."),
        (
            "value = 12",
            "value = nan",
            "goals entry 1: value is nan; expected a whole number from 1 on.",
        ),
        (
            'role = "shop"\ndue',
            'role = "shops"\ndue',
            (
                "goals entry 1: role is 'shops'; expected one of wholesaler, shop. "
                "Did you mean 'shop'?"
            ),
        ),
        (
            'role = "shop"\ndue',
            'country = "Germany"\ndue',
            "goals entry 1: country is 'Germany'; expected two capital letters.",
        ),
        (
            "due = 2015-12-31",
            'country = "DE"',
            "goals entry 1: a goal is that of a role or of a country, not of both.",
        ),
        (
            "due = 2015-12-31",
            'due = "2015"',
            "goals entry 1: due is '2015'; expected a day such as 2015-12-31.",
        ),
        ('doc = "a dozen shops"', "", "goals entry 1: doc is None; expected a text."),
        (
            "[parameters.days]",
            '[[goals]]\nmeasure="partners"\nvalue=9\nrole="shop"\ndoc="x"\n[parameters.days]',
            "goals entry 2: the measure partners has a goal of this scope already.",
        ),
        (
            "[parameters.days]",
            "[parameters.as_of]",
            "parameters.as_of: $as_of is the day of the scan and cannot be set.",
        ),
        (
            'type = "integer"',
            'type = "int"',
            (
                "parameters.days: type is 'int'; expected one of integer, float, string, list of "
                "string. Did you mean 'integer'?"
            ),
        ),
        ("value = 3", 'value = "3"', "parameters.days: value is '3'; expected integer."),
        ("value = 3", "value = true", "parameters.days: value is True; expected integer."),
        ('doc = "some days"', "", "parameters.days: doc is None; expected a text."),
        (
            'severity = "low"',
            'severity = "lower"',
            (
                "rules.\"supply/some-rule\": severity is 'lower'; expected one of critical, high, "
                "medium, low, info. Did you mean 'low'?"
            ),
        ),
        (
            'severity = "low"',
            'enabled = "no"',
            "rules.\"supply/some-rule\": enabled is 'no'; expected true or false.",
        ),
        ("[[supply]]", "[supply]", "supply: expected [[supply]] entries."),
        ("[parameters.days]", "[[parameters]]", "parameters: expected [parameters.<name>] tables."),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, changed: str, to: str, message: str) -> None:
    assert changed in GOOD
    assert message_of(tmp_path, GOOD.replace(changed, to, 1)) == message


def test_a_policy_without_roles_is_refused(tmp_path: Path) -> None:
    text = 'name = "a"\ntitle = "a"\nsource = "a"\n'
    assert message_of(tmp_path, text) == "roles: a policy needs at least one [[roles]] entry."


def test_a_list_parameter_holds_text_only(tmp_path: Path) -> None:
    lists = GOOD.replace('type = "integer"', 'type = "list of string"')
    assert (
        message_of(tmp_path, lists.replace("value = 3", 'value = ["a", 1]'))
        == "parameters.days: value is ['a', 1]; expected list of string."
    )
    good = policy_of(tmp_path, lists.replace("value = 3", 'value = ["a", "b"]'))
    assert good.parameters["days"].value == ("a", "b")


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"there is no policy here; a pack is a folder"):
        load_policy(tmp_path)
    assert message_of(tmp_path, "name = ").startswith("cannot be read as TOML: ")
