"""catalogue - the courses that the example platform offers: always the same, most fit, some not.

Fit means: accepted for every scheme and year of Kartu Prakerja. Each unfit course lacks one thing, so
that its refusal names one reason. Run alone, it prints a catalogue of any size, all of it fit, for
`kerja course load`:

    python3 examples/catalogue.py --providers 147 --courses 1534 > courses.jsonl
"""

import argparse
import json
from datetime import date
from decimal import Decimal

PROGRAMME = "kartu-prakerja"
PROVIDERS = 12
PLATFORMS = ["pintaria", "pijar-mahir", "skill-academy", "karier-mu"]
LISTED_SINCE = date(2020, 4, 1)

# title, mode, price in rupiah, sessions
COURSES = [
    ("Digital marketing for small shops", "ONLINE", 450_000, 6),
    ("Selling on marketplaces", "ONLINE", 300_000, 6),
    ("Product photography with a phone", "ONLINE", 275_000, 6),
    ("Spreadsheets for office work", "ONLINE", 350_000, 8),
    ("Bookkeeping for micro business", "ONLINE", 400_000, 8),
    ("Business English: first steps", "ONLINE", 500_000, 10),
    ("Business English: letters and calls", "ONLINE", 550_000, 10),
    ("Customer service in retail", "ONLINE", 325_000, 6),
    ("Front desk of a small hotel", "BLENDED", 650_000, 5),
    ("Barista: espresso and milk", "CLASSROOM", 900_000, 4),
    ("Bakery: bread and pastry", "CLASSROOM", 950_000, 4),
    ("Home cooking for sale", "BLENDED", 600_000, 5),
    ("Food safety in small kitchens", "ONLINE", 250_000, 6),
    ("Motorcycle service: injection", "CLASSROOM", 1_000_000, 5),
    ("Phone repair: screens and batteries", "CLASSROOM", 975_000, 5),
    ("Air conditioning: cleaning and service", "CLASSROOM", 925_000, 4),
    ("Electrical installation at home", "CLASSROOM", 875_000, 4),
    ("Sewing: patterns and finishing", "CLASSROOM", 800_000, 6),
    ("Make-up for ceremonies", "BLENDED", 700_000, 5),
    ("Barber: classic cuts", "CLASSROOM", 750_000, 4),
    ("Care for the elderly at home", "BLENDED", 680_000, 6),
    ("Child care in day centres", "BLENDED", 640_000, 6),
    ("Warehouse: receiving and stock", "ONLINE", 380_000, 6),
    ("Driving goods: safety and papers", "BLENDED", 720_000, 4),
    ("Web pages from scratch", "ONLINE", 525_000, 10),
    ("Python for data at work", "ONLINE", 575_000, 10),
    ("Graphic design with free tools", "ONLINE", 425_000, 8),
    ("Video editing on a phone", "ONLINE", 360_000, 6),
    ("Content for social media", "ONLINE", 340_000, 6),
    ("Hydroponics in the yard", "BLENDED", 480_000, 5),
    ("Catfish in tarpaulin ponds", "BLENDED", 460_000, 5),
    ("Tour guide in your own town", "BLENDED", 590_000, 5),
    ("Writing a business plan", "ONLINE", 310_000, 6),
    ("Interviews and applications", "ONLINE", 220_000, 6),
]

# What an unfit course has instead, and the reason with which it is refused or held.
UNFIT = [
    ("A free course, sold", {"identical_to_free": True}, "PROV_FREE_DUPLICATE"),
    ("Cheaper outside", {"outside_price": Decimal("250000.00")}, "PROV_PRICE_ABOVE_MARKET"),
    ("Videos only, no answers", {"interactive": False}, "PROV_NOT_INTERACTIVE"),
    ("Two indicators short", {"provider": {"indicators_met": 57}}, "PROV_INDICATORS_SHORT"),
    ("Owned by the platform", {"provider": {"owner_overlaps_platform": True}}, "PROV_CONFLICT_OF_INTEREST"),
    ("A quick evening", {"synchronous_minutes": 120}, "PROV_HOURS_SHORT"),  # in the normal scheme only
]


def courses():
    """course.listed of every course, fit ones first."""
    fit = [course(n, *line) for n, line in enumerate(COURSES, 1)]
    unfit = []
    for n, (title, differences, _reason) in enumerate(UNFIT, len(COURSES) + 1):
        listed = course(n, title, "ONLINE", 400_000, 6)
        listed["provider"] = {**listed["provider"], **differences.get("provider", {})}
        listed.update({name: value for name, value in differences.items() if name != "provider"})
        unfit.append(listed)
    return fit, unfit


def course(number, title, mode, price, sessions):
    online = mode == "ONLINE"
    longest_day = 180 if online else 480
    return {
        "course_id": f"COURSE-{number:03}",
        "revision": 1,
        "programmes": [PROGRAMME],
        "provider_id": provider_id(1 + number % PROVIDERS),
        "platform_id": PLATFORMS[number % len(PLATFORMS)],
        "platform_provinces": 34,
        "title": title,
        "mode": mode,
        "category": None,
        "price": Decimal(price),
        "outside_price": Decimal(price) * 11 / 10,
        "currency": "IDR",
        "synchronous_minutes": max(900, sessions * 150),
        "video_minutes": 540 if mode != "CLASSROOM" else None,
        "longest_day_minutes": longest_day,
        "trainees_per_trainer": 45 if online else 24,
        "interactive": True,
        "identical_to_free": False,
        "region_codes": [],
        "valid_from": LISTED_SINCE,
        "valid_to": None,
        "provider": {
            "legal_since": date(2012, 5, 7),
            "registered_on": None,
            "operating_since": date(2013, 1, 2),
            "licences": ["DISNAKER"],
            "documents": ["NIB", "NPWP", "KSWP", "PLATFORM_AGREEMENT", "STATEMENT"],
            "accreditations": [],
            "indicators_met": 59,
            "contribution_months": None,
            "contribution_exempt": None,
            "applied_on": None,
            "owner_overlaps_platform": False,
        },
        "withdrawn": False,
    }


def provider_id(number):
    return f"PROVIDER-{number:03}"


def providers():
    return [provider_id(n) for n in range(1, PROVIDERS + 1)]


def sessions_of(course_id):
    """Sessions of a course; the unfit ones have six as well."""
    number = int(course_id.rpartition("-")[2])
    return COURSES[number - 1][3] if number <= len(COURSES) else 6


def many(providers_count, courses_count):
    """course.listed of a large catalogue: the same courses again and again, each provider with its share."""
    for n in range(1, courses_count + 1):
        title, mode, price, sessions = COURSES[(n - 1) % len(COURSES)]
        listed = course(n, f"{title} {n}", mode, price, sessions)
        yield {**listed, "course_id": f"COURSE-{n:05}", "provider_id": provider_id(1 + (n - 1) % providers_count)}


def main():
    parser = argparse.ArgumentParser(description="prints a catalogue as JSON lines")
    parser.add_argument("--providers", type=int, default=PROVIDERS)
    parser.add_argument("--courses", type=int, default=len(COURSES))
    wanted = parser.parse_args()
    for listed in many(wanted.providers, wanted.courses):
        print(json.dumps(listed, default=str))  # days as "2020-04-01", amounts as "450000"


if __name__ == "__main__":
    main()
