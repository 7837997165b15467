"""Draws the pictures of the make-up counter and the clothing shop from their catalogs.

    python manifests/pictures.py

A picture shows a product's kind in its declared colour (`attr_type`, `attr_hex`). The same catalog gives the same files.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
MERCHANTS = ("makeup_counter", "clothing_shop")
FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480" width="640" height="480" role="img" aria-label="{alt}">
  <title>{alt}</title>
  <rect width="640" height="480" rx="28" fill="{ground}"/>
  <circle cx="320" cy="222" r="176" fill="{halo}"/>
  <path d="M0 384h640v68a28 28 0 0 1-28 28H28a28 28 0 0 1-28-28z" fill="{floor}"/>
  <ellipse cx="320" cy="402" rx="190" ry="15" fill="#2b2420" opacity=".16"/>
  {drawing}
</svg>
"""


def mixed(colour: str, other: str, share: float) -> str:
    """`colour` with `share` of `other` in it."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def dark(colour: str) -> str:
    return mixed(colour, "#120c0a", 0.35)


def light(colour: str) -> str:
    return mixed(colour, "#ffffff", 0.35)


def lipstick(c: str) -> str:
    return (
        f'<path d="M278 196V112c0-34 84-60 84-14v98z" fill="{c}"/><path d="M278 196V112c0-10 8-20 20-27v111z" fill="{light(c)}" opacity=".6"/>'
        '<rect x="270" y="194" width="100" height="62" rx="6" fill="#d9b56a"/><rect x="270" y="194" width="26" height="62" rx="6" fill="#efd9a0"/>'
        '<rect x="258" y="254" width="124" height="140" rx="10" fill="#2b2628"/><rect x="258" y="254" width="30" height="140" rx="10" fill="#484145"/>'
    )


def gloss(c: str) -> str:
    return (
        f'<rect x="270" y="190" width="100" height="204" rx="22" fill="{c}"/><rect x="284" y="206" width="20" height="160" rx="10" fill="{light(c)}" opacity=".8"/>'
        '<rect x="282" y="64" width="76" height="130" rx="12" fill="#2b2628"/><rect x="282" y="64" width="20" height="130" rx="10" fill="#484145"/>'
    )


def pencil(c: str) -> str:
    return (
        f'<g transform="rotate(24 320 240)"><rect x="296" y="96" width="48" height="270" rx="8" fill="{dark(c)}"/><rect x="296" y="96" width="16" height="270" rx="8" fill="{c}"/>'
        f'<path d="M296 96l16-46h16l16 46z" fill="#e8cfae"/><path d="M312 50l8-24 8 24z" fill="{c}"/></g>'
        f'<path d="M150 344c60-30 120 10 190-6" stroke="{c}" stroke-width="14" fill="none" stroke-linecap="round"/>'
    )


def bottle(c: str) -> str:
    return (
        f'<rect x="246" y="168" width="148" height="226" rx="24" fill="{c}"/><rect x="262" y="186" width="26" height="188" rx="13" fill="{light(c)}" opacity=".75"/>'
        '<rect x="286" y="74" width="68" height="98" rx="10" fill="#2b2628"/><rect x="286" y="74" width="18" height="98" rx="9" fill="#484145"/>'
        f'<path d="M438 356c34-36 78-8 62 24s-92 14-62-24z" fill="{c}"/>'
    )


def tube(c: str) -> str:
    return (
        f'<path d="M262 394l-18-214h152l-18 214z" fill="{c}"/><path d="M276 384l-14-192h30l4 192z" fill="{light(c)}" opacity=".7"/>'
        '<rect x="272" y="112" width="96" height="70" rx="10" fill="#2b2628"/>'
    )


def pan(c: str) -> str:
    return (
        f'<circle cx="320" cy="236" r="132" fill="#2b2628"/><circle cx="320" cy="236" r="108" fill="{c}"/>'
        f'<path d="M236 190c40-54 128-56 168 0-52-26-116-26-168 0z" fill="{light(c)}" opacity=".6"/>'
        f'<path d="M258 296c40 24 84 24 124 0" stroke="{dark(c)}" stroke-width="8" fill="none" stroke-linecap="round" opacity=".5"/>'
    )


def mascara(c: str) -> str:
    bristles = "".join(
        f'<path d="M{286 - n % 2 * 4} {96 + n * 9}h{68 + n % 2 * 8}" stroke="{c}" stroke-width="5"/>' for n in range(12)
    )
    return (
        f'{bristles}<rect x="314" y="84" width="12" height="150" fill="#555"/><rect x="286" y="226" width="68" height="168" rx="16" fill="{c}"/>'
        f'<rect x="296" y="240" width="14" height="140" rx="7" fill="{light(c)}" opacity=".6"/>'
    )


def shoe(c: str) -> str:
    laces = "".join(
        f'<path d="M{300 + 22 * n} {222 + 14 * n}l34-14" stroke="{light(c)}" stroke-width="8" stroke-linecap="round"/>'
        for n in range(4)
    )
    return (
        f'<path d="M150 346c-8-60-6-120 10-152 40 22 84 18 112-4 40 58 108 88 196 104 34 6 40 34 36 62z" fill="{c}"/>'
        f'<path d="M150 346c-8-60-6-120 10-152 18 10 38 14 58 13-16 44-18 92-14 139z" fill="{dark(c)}" opacity=".5"/>{laces}'
        '<path d="M140 344h372c10 0 12 44-6 46H152c-20 0-22-46-12-46z" fill="#f3ede2"/>'
        + "".join(f'<rect x="{160 + 34 * n}" y="380" width="20" height="14" rx="4" fill="#4b443e"/>' for n in range(10))
    )


def boot(c: str) -> str:
    return (
        f'<path d="M206 92h128c6 60 4 110 14 150 50 26 132 26 140 96v20H206c-12-90-10-180 0-266z" fill="{c}"/>'
        f'<path d="M206 92h40c-12 90-12 180-4 266h-36c-12-90-10-180 0-266z" fill="{dark(c)}" opacity=".5"/>'
        f'<path d="M262 120h52v104h-46z" fill="{light(c)}" opacity=".45"/><path d="M196 356h300v34H204c-14 0-16-34-8-34z" fill="#3b342f"/>'
    )


def pump(c: str) -> str:
    return (
        f'<path d="M150 214c70 20 110 96 190 116 66 16 150 6 166 42 4 10-2 18-14 18H330c-60 0-90-70-140-90l-6 90h-22z" fill="{c}"/>'
        f'<path d="M330 326c66 20 150 10 170 40-60 6-120-4-170-40z" fill="{light(c)}" opacity=".5"/>'
    )


def sandal(c: str) -> str:
    return (
        f'<path d="M130 352c120-26 260-26 380-10 10 40-10 50-40 50H160c-30 0-40-16-30-40z" fill="#c79f6d"/>'
        f'<path d="M212 344c10-90 60-110 96-12M330 330c20-80 80-80 116 8" stroke="{c}" stroke-width="30" fill="none"/>'
        f'<path d="M160 346c-6-70 30-110 92-104" stroke="{dark(c)}" stroke-width="20" fill="none"/>'
    )


def sole(c: str) -> str:
    lugs = "".join(
        f'<path d="M{266 + 52 * (n % 3)} {112 + 42 * (n // 3)}l20-12 20 12-6 22h-28z" fill="{c}"/>' for n in range(18)
    )
    return f'<path d="M320 62c84 0 110 80 92 158-10 44-6 64 0 96 12 60-34 84-92 84s-104-24-92-84c6-32 10-52 0-96-18-78 8-158 92-158z" fill="#37312c"/>{lugs}'


def top(c: str, *, long: bool = False, collar: str = "") -> str:
    hem = 396 if long else 366
    return (
        f'<path d="M250 100l-96 52-34 160 58 16 30-102v{hem - 226}h224V226l30 102 58-16-34-160-96-52c-30 34-110 34-140 0z" fill="{c}"/>'
        f'<path d="M208 226v{hem - 226}h52V140z" fill="{dark(c)}" opacity=".35"/><path d="M250 100c30 34 110 34 140 0-20 60-120 60-140 0z" fill="{dark(c)}"/>{collar}'
    )


def coat(c: str) -> str:
    buttons = "".join(f'<circle cx="334" cy="{214 + 44 * n}" r="7" fill="{light(c)}"/>' for n in range(4))
    lapels = f'<path d="M268 116l52 74 52-74 22 20-74 110-74-110z" fill="{dark(c)}"/>'
    return top(c, long=True, collar=f'{lapels}<path d="M320 190v206" stroke="{dark(c)}" stroke-width="5"/>{buttons}')


def jumper(c: str) -> str:
    ribs = "".join(f'<path d="M{216 + 16 * n} 344v22" stroke="{dark(c)}" stroke-width="4"/>' for n in range(14))
    return top(c, collar=ribs)


def shirt(c: str) -> str:
    return top(c, collar=f'<path d="M320 150v216" stroke="{dark(c)}" stroke-width="3" stroke-dasharray="2 26"/>')


def trousers(c: str) -> str:
    return (
        f'<path d="M226 84h188l30 310h-88l-36-206-36 206h-88z" fill="{c}"/><path d="M226 84h60l-24 310h-66z" fill="{dark(c)}" opacity=".35"/>'
        f'<path d="M224 84h192l3 30H221z" fill="{dark(c)}"/>'
    )


def dress(c: str) -> str:
    return (
        f'<path d="M268 70l-20 120 22 30-88 174h276l-88-174 22-30-20-120-26 6c-12 30-40 30-52 0z" fill="{c}"/>'
        f'<path d="M270 220h100l4 18H266z" fill="{dark(c)}"/><path d="M266 238l-60 156h50l40-156z" fill="{dark(c)}" opacity=".35"/>'
    )


def scarf(c: str) -> str:
    return (
        f'<path d="M214 110c60 50 152 50 212 0l20 50c-70 56-182 56-252 0z" fill="{c}"/><path d="M344 178l70-20 20 220-76 12z" fill="{dark(c)}"/>'
        f'<path d="M250 178l74 10-16 206-76-10z" fill="{c}"/>'
    )


def bag(c: str) -> str:
    return (
        f'<path d="M262 110c0-70 116-70 116 0" stroke="{dark(c)}" stroke-width="16" fill="none"/><rect x="196" y="104" width="248" height="290" rx="46" fill="{c}"/>'
        f'<path d="M196 150c0-26 20-46 46-46h156c26 0 46 20 46 46v60H196z" fill="{dark(c)}" opacity=".55"/><rect x="236" y="262" width="168" height="100" rx="18" fill="{light(c)}" opacity=".45"/>'
    )


DRAWINGS: dict[str, Callable[[str], str]] = {
    "lipstick": lipstick,
    "lip_gloss": gloss,
    "lip_liner": pencil,
    "foundation": bottle,
    "concealer": tube,
    "eyeshadow": pan,
    "eyeliner": pencil,
    "mascara": mascara,
    "trail_shoes": shoe,
    "sneakers": shoe,
    "boots": boot,
    "dress_shoes": pump,
    "sandals": sandal,
    "jacket": coat,
    "blazer": coat,
    "jumper": jumper,
    "shirt": shirt,
    "trousers": trousers,
    "dress": dress,
    "accessory": scarf,
}


def pictures(merchant: str) -> Iterator[tuple[Path, str]]:
    """Every picture that a catalog names, drawn."""
    with (HERE / merchant / "catalog.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            images, alts = row["image"].split("|"), row["image_alt_en"].split("|")
            for image, alt in zip(images, alts, strict=True):
                if image:
                    yield HERE / merchant / image, drawn(row, image, alt)


def drawn(row: dict[str, str], image: str, alt: str) -> str:
    colour = row.get("attr_hex") or "#e9b0a0"
    draw = DRAWINGS.get(row.get("attr_type", ""), pan)
    if image.endswith("_sole.svg"):
        draw = sole
    elif "backpack" in row["name_en"]:
        draw = bag
    ground = mixed(colour, "#f6efe7", 0.86)
    frame = {"ground": ground, "halo": mixed(ground, "#ffffff", 0.55), "floor": mixed(ground, "#b79f88", 0.45)}
    return FRAME.format(alt=escape(alt), drawing=draw(colour), **frame)


def main() -> None:
    for merchant in MERCHANTS:
        for path, drawing in pictures(merchant):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(drawing, "utf-8")


if __name__ == "__main__":
    main()
