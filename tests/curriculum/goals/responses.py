"""Responses in the shape of Udir's Grep REST API (v201906), with invented codes and texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ONTOLOGY = "http://psi.udir.no/ontologi/kl06/"
STATUS = "https://data.udir.no/kl06/v201906/status/"


def by_language(**texts: str) -> list[dict[str, str]]:
    return [{"spraak": tag, "verdi": words} for tag, words in texts.items()]


def reference(code: str, kind: str, title: str = "", **fields: Any) -> dict[str, Any]:
    """A reference: its title is a bare string."""
    return {
        "kode": code,
        "uri": f"http://psi.udir.no/kl06/{code}",
        "url-data": f"https://data.udir.no/kl06/v201906/{code}",
        "tittel": title,
        "gyldighet": {"gyldig-fra": None, "gyldig-til": None},
        "id": "uuid:0a0a0a0a-0000-4000-8000-000000000001",
        "grep-type": ONTOLOGY + kind,
        "status": STATUS + "status_publisert",
        **fields,
    }


def aim(code: str = "KM90001", plan: str = "SAF90-01", *, tags: tuple[str, ...] = ("TT1",), **fields: Any) -> dict[str, Any]:
    """A competence aim: its title stands under `tekst`, beside whether it is regulation."""
    return {
        "rekkefoelge": 1,
        "tilknyttede-tverrfaglige-temaer": [{"referanse": reference(tag, "tverrfaglig_tema_lk20"), "forklaring": []} for tag in tags],
        "tilhoerer-kompetansemaalsett": reference("KV901", "kompetansemaalsett_lk20", "7.trinn "),
        "tilhoerer-laereplan": reference(plan, "laereplan_lk20", "Læreplan i oppdiktet fag"),
        "id": "0a0a0a0a-0000-4000-8000-000000000002",
        "kode": code,
        "uri": f"http://psi.udir.no/kl06/{code}",
        "tittel": {
            "tekst": by_language(
                default="fortelje om ein dag då du var modig",
                nno="fortelje om ein dag då du var modig",
                nob="fortelle om en dag du var modig",
                eng="tell about a day when you were brave",
            ),
            "forskrift": True,
        },
        "grep-type": ONTOLOGY + "kompetansemaal_lk20",
        "forklaring": [],
        "status": STATUS + "status_publisert",
        "sist-endret": "2025-09-11T15:20:53.433792",
        **fields,
    }


def plan(code: str = "SAF90-01", *aims: dict[str, Any], language: str = "nob", **fields: Any) -> dict[str, Any]:
    """A curriculum with a set of aims after year 7."""
    goal_set = reference("KV901", "kompetansemaalsett_lk20", "Kompetansemål etter mange år")
    if aims:
        goal_set |= {"etter-aarstrinn": [reference("aarstrinn7", "aarstrinn", "7.trinn ")], "kompetansemaal": list(aims)}
    return {
        "id": "http://psi.udir.no/oppdiktet",
        "kode": code,
        "tittel": {"tekst": by_language(default="Læreplan i oppdiktet fag"), "forskrift": True},
        "grep-type": ONTOLOGY + "laereplan_lk20",
        "status": STATUS + "status_publisert",
        "fastsettelsesinformasjon": {"fastsatt-dato": "2019-11-15T00:00:00", "fastsatt-spraak": reference(language, "spraak", "Bokmål")},
        "gyldighetsperiode": {
            "gyldig-fra": {"overskrift": by_language(default="Gjelder fra <>"), "dato": "2026-08-01T00:00:00"},
            "gyldig-til": {"overskrift": by_language(default="Gjelder til<>"), "dato": None},
        },
        "kompetansemaal-kapittel": {"overskrift": {"tekst": [], "forskrift": True}, "kompetansemaalsett": [goal_set]},
        **fields,
    }


def cross_theme(**fields: Any) -> dict[str, Any]:
    """A cross-curricular theme: its title is a list."""
    return {
        "rekkefoelge": 1,
        "id": "0a0a0a0a-0000-4000-8000-000000000003",
        "kode": "TT1",
        "tittel": by_language(default="Oppdiktet tema", nob="Oppdiktet tema", eng="Invented theme", sme="Hutkkáhallan", fkv="Keksitty"),
        "grep-type": ONTOLOGY + "tverrfaglig_tema_lk20",
        "status": STATUS + "status_publisert",
        **fields,
    }


def saved(folder: Path, *responses: Any, name: str = "svar.json") -> Path:
    """A file that holds the response, or a list of several."""
    path = folder / name
    path.write_text(json.dumps(responses[0] if len(responses) == 1 else responses, ensure_ascii=False), encoding="utf-8")
    return path
