"""An edition large enough to look like one: 130 clusters around the globe, one long name, one in Arabic."""

from __future__ import annotations

from tests.publishing.editions import Made, World

_SPOTS = [
    ("Tokyo–Yokohama", "JP", 35.69, 139.69),
    ("Llanfair" * 15, "DE", 50.9, 6.9),
    ("San Jose–San Francisco, CA", "US", 37.5, -122.1),
    ("Basel", "CH", 47.56, 7.59),
    ("Göteborg", "SE", 57.7, 11.97),
    ("Amsterdam–Rotterdam", "NL", 52.2, 4.7),
    ("القاهرة", "FR", 48.85, 2.35),
    ("Shanghai–Suzhou", "CN", 31.2, 121.4),
]


def many(number: int = 130) -> World:
    """`number` clusters, the first ones by name, the rest in rows across the land of Asia and America."""
    found = []
    for place in range(number):
        if place < len(_SPOTS):
            name, economy, latitude, longitude = _SPOTS[place]
        else:
            name, economy = f"City {place}", ("CN", "US")[place % 2]
            latitude = 25 + (place % 11) * 2.1
            longitude = (85 + (place // 11) * 2.6) if economy == "CN" else (-118 + (place // 11) * 3.1)
        size = 120 / (place + 1)
        economies = ["CH", "DE", "FR"] if name == "Basel" else [economy]
        previous = None if place == 4 else max(1, place + 1 + (place % 5) - 2)
        found.append(
            Made(
                name,
                economies,
                latitude,
                longitude,
                size * 1.5,
                size * 2.5,
                previous,
                place == 4,
                900_000 + 7000 * place,
            )
        )
    noise = [(10 + step % 60 * 0.7, -100 + step * 0.9, 9) for step in range(200)]
    return World(found, noise=noise, totals=(5000, 9000), findings=True)
