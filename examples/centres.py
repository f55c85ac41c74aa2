"""centres - training centres and their courses for programmes without a draw: always the same, most fit, some not.

Fit means: accepted for every scheme of the programmes that the course names. Each unfit course lacks one thing, so
that its refusal names one reason. What a centre knows of a programme stands in PROGRAMMES.
"""

from datetime import date
from decimal import Decimal

from kerja_client import JAKARTA, KUALA_LUMPUR

MALAYSIA = ["daya-kerjaya-tvet", "bina-kerjaya"]
INDONESIA = ["vokasi-indonesia-pekerja"]

# By scheme: the clock, the days from which courses are taken, how many sessions and days a course has, which milestones
# its days or months are, and how many people take a second course.
PROGRAMMES = {
    "vokasi-2020": {"zone": JAKARTA, "from": date(2020, 6, 8), "days": (3, 6), "counts": "DAY_ATTENDED", "again": 0.0},
    "daya-kerjaya-tvet-2023": {"zone": KUALA_LUMPUR, "from": date(2023, 6, 5), "days": (20, 60), "counts": None, "again": 0.0},
    "bina-kerjaya-2023": {"zone": KUALA_LUMPUR, "from": date(2023, 6, 5), "days": (20, 75), "counts": "TRAINING_MONTH",
                          "again": 0.25},
}

# Who trains: accreditations in Malaysia, the licence of the manpower office in Indonesia.
PROVIDERS = [f"CENTRE-MY-{number:02}" for number in range(1, 9)] + [f"CENTRE-ID-{number:02}" for number in range(1, 6)]

# title, mode, category, price in ringgit, hours
MALAYSIAN = [
    ("Two-wheeler service, level 2", "CLASSROOM", "COMPETENCY", 2200, 60),
    ("Air conditioning: service and safety", "CLASSROOM", "COMPETENCY", 2450, 56),
    ("Pastry and bread", "CLASSROOM", "COMPETENCY", 1900, 48),
    ("Experience recognised: electrical wiring", "BLENDED", "RPEL", 1500, 40),
    ("Experience recognised: hairdressing", "BLENDED", "RPEL", 1250, 40),
    ("Welding: certified positions", "CLASSROOM", "PROFESSIONAL", 3900, 72),
    ("Forklift and warehouse", "CLASSROOM", "PROFESSIONAL", 3200, 45),
    ("Digital selling", "ONLINE", "MICROCREDENTIAL", 2600, 40),
    ("Caring for the old", "BLENDED", "MICROCREDENTIAL", 2900, 50),
    ("Drone surveying", "BLENDED", "PROFESSIONAL", 4000, 64),
]

# What an unfit course has instead, and the reason with which it, or its purchase, is refused.
MALAYSIAN_UNFIT = [
    ("Registered last spring", {"provider": {"registered_on": date(2023, 3, 1)}}, "PROV_TOO_NEW"),
    ("Contributions with a gap", {"provider": {"contribution_months": 11}}, "PROV_CONTRIB_SHORT"),
    ("Opened in October", {"provider": {"operating_since": date(2022, 10, 1)}}, "PROV_EXPERIENCE_SHORT"),
    ("Nobody's accreditation", {"provider": {"accreditations": []}}, "PROV_LICENCE_MISSING"),
    ("Came in June", {"provider": {"applied_on": date(2023, 6, 1)}}, "PROV_WINDOW_CLOSED"),
    ("A long weekend", {"synchronous_minutes": 1500, "programmes": ["bina-kerjaya"]}, "PROV_HOURS_SHORT"),
    ("Dear for a competency", {"price": Decimal("2550.00")}, "FEE_ABOVE_CAP"),
]

# title, mode, region of the place, hours; free for who is trained
INDONESIAN = [
    ("Barista", "CLASSROOM", "1671", 32),
    ("Motorcycle service", "CLASSROOM", "1671", 40),
    ("Sewing with machines", "CLASSROOM", "3171", 40),
    ("Office software", "ONLINE", None, 24),
    ("Digital marketing", "ONLINE", None, 24),
    ("English for hotels", "BLENDED", "3471", 36),
]
INDONESIAN_UNFIT = [
    ("Without a licence", {"provider": {"licences": []}}, "PROV_LICENCE_MISSING"),
    ("Opened this year", {"provider": {"operating_since": date(2020, 2, 1)}}, "PROV_EXPERIENCE_SHORT"),
]


def courses():
    """course.listed of every course: fit and unfit ones by programme, as lists."""
    fit = [malaysian(number, *line) for number, line in enumerate(MALAYSIAN, 1)]
    fit += [indonesian(number, *line) for number, line in enumerate(INDONESIAN, 1)]
    unfit = [differing(malaysian(90 + number, title, "CLASSROOM", "COMPETENCY", 2000, 60), differences)
             for number, (title, differences, _) in enumerate(MALAYSIAN_UNFIT, 1)]
    unfit += [differing(indonesian(90 + number, title, "ONLINE", None, 24), differences)
              for number, (title, differences, _) in enumerate(INDONESIAN_UNFIT, 1)]
    return fit, unfit


def offered(listed, programme):
    return [course for course in listed if programme in course["programmes"]]


def differing(course, differences):
    """The unfit course has a provider of its own, for a course's facts are its provider's, too."""
    course = {**course, "provider_id": f"{course['provider_id']}-{course['course_id'][-2:]}", **differences}
    usual = malaysian_provider() if course["currency"] == "MYR" else indonesian_provider()
    course["provider"] = {**usual, **differences.get("provider", {})}
    return course


def malaysian(number, title, mode, category, price, hours):
    return course(f"MY-COURSE-{number:02}", MALAYSIA, PROVIDERS[number % 8], title, mode, category, Decimal(price), "MYR", hours,
                  [], date(2023, 6, 1), malaysian_provider())


def indonesian(number, title, mode, region, hours):
    return course(f"ID-COURSE-{number:02}", INDONESIA, PROVIDERS[8 + number % 5], title, mode, None, Decimal(0), "IDR", hours,
                  [region] if region else [], date(2020, 6, 1), indonesian_provider())


def course(course_id, programmes, provider_id, title, mode, category, price, currency, hours, region_codes, valid_from, provider):
    return {
        "course_id": course_id,
        "revision": 1,
        "programmes": programmes,
        "provider_id": provider_id,
        "platform_id": None,
        "platform_provinces": None,
        "title": title,
        "mode": mode,
        "category": category,
        "price": price,
        "outside_price": None,
        "currency": currency,
        "synchronous_minutes": hours * 60,
        "video_minutes": None if mode == "CLASSROOM" else 0,
        "longest_day_minutes": 480,
        "trainees_per_trainer": 20,
        "interactive": True,
        "identical_to_free": False,
        "region_codes": region_codes,
        "valid_from": valid_from,
        "valid_to": None,
        "provider": provider,
        "withdrawn": False,
    }


def malaysian_provider():
    return provider(date(2016, 3, 1), ["JPK"], [], date(2016, 6, 1), 24, date(2023, 5, 9))


def indonesian_provider():
    return provider(None, [], ["DISNAKER"], date(2014, 9, 1), None, None)


def provider(registered_on, accreditations, licences, operating_since, contribution_months, applied_on):
    return {
        "legal_since": date(2014, 2, 3),
        "registered_on": registered_on,
        "operating_since": operating_since,
        "licences": licences,
        "documents": [],
        "accreditations": accreditations,
        "indicators_met": None,
        "contribution_months": contribution_months,
        "contribution_exempt": False,
        "applied_on": applied_on,
        "owner_overlaps_platform": False,
    }


def sessions_of(course):
    """Four hours a session."""
    return max(1, course["synchronous_minutes"] // 240)
