"""Fictional vocabulary of the sample: no organisation, place or person here exists.

Natural persons appear as numbered candidates only; domains end in `.example` or are under
`example.org` and `example.com`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Organisation:
    """A fictional organisation with an address of fantasy."""

    name: str
    domain: str
    street: str
    town: str
    company_number: str

    @property
    def email(self) -> str:
        """The general mailbox of the organisation."""
        return f"info@{self.domain}"


_DUTCH = (
    ("Lijst Zilvermeeuw", "zilvermeeuw.example", "Getijdenpad 3", "Wolkendam"),
    ("Partij voor het Getij", "getij.example", "Springvloedplein 11", "Kwartelsluis"),
    ("Verbond van de Lange Adem", "langeadem.example", "Ademtochtkade 7", "Nevelhaven"),
    ("Beweging Blauwe Lantaarn", "blauwelantaarn.example", "Lantaarnhof 21", "Lantaarnveen"),
    ("Kwartelsluis Vooruit", "kwartelsluisvooruit.example", "Sluiswachterspad 1b", "Kwartelsluis"),
    ("Ouderenunie Nevelhaven", "ouderenunie-nevelhaven.example", "Mistbank 9", "Nevelhaven"),
    ("Stichting Stille Stroom", "stillestroom.example", "Onderstroom 88", "Inktwoude"),
    ("Bond van Papieren Schepen", "papierenschepen.example", "Vouwkade 14", "Papierstad"),
    ("Vereniging De Windwijzer", "windwijzer.example", "Haantjesweg 2", "Wolkendam"),
    ("Coöperatie Morgendauw U.A.", "morgendauw.example", "Dauwpad 40", "Theemeer"),
    ("Inktwouds Belang", "inktwoudsbelang.example", "Inktpotplein 5", "Inktwoude"),
    ("Jong Getij", "jonggetij.example", "Springvloedplein 11", "Kwartelsluis"),
    ("De Trage Trein", "tragetrein.example", "Wisselspoor 100", "Sterrendrecht"),
    ("Genootschap Mist en Maan", "mistenmaan.example", "Maanlaan 6", "Maanwijk"),
    ("Partij van de Open Brug", "openbrug.example", "Brugwachtersplein 17", "Sterrendrecht"),
    ("Sterrendrecht Samen", "sterrendrechtsamen.example", "Poolsterstraat 30", "Sterrendrecht"),
    ("Vrienden van de Kikkerpoel", "kikkerpoel.example", "Kikkerdril 4", "Theemeer"),
    ("Nieuwe Kompasrichting", "kompasrichting.example", "Noordnaald 12", "Kompasdijk"),
    ("Federatie van Kleine Eilanden", "kleine-eilanden.example", "Eilandje 1", "Kompasdijk"),
    ("Lijst Warme Jas", "warmejas.example", "Knoopsgat 23", "Wolkendam"),
    ("Stichting Hardop Fluisteren", "hardopfluisteren.example", "Fluistersteeg 8", "Maanwijk"),
    ("Papierstad Leefbaar en Luchtig", "papierstadluchtig.example", "Velletje 52", "Papierstad"),
    ("Unie voor Zachte Landing", "zachtelanding.example", "Parachutehof 10", "Lantaarnveen"),
    ("Bond Droge Voeten & Natte Knieën", "drogevoeten.example", "Dijkteen 77", "Kompasdijk"),
    ("Partij Groene Paraplu", "groeneparaplu.example", "Baleinstraat 15", "Nevelhaven"),
    ("Theemeers Alternatief", "theemeersalternatief.example", "Theezakje 29", "Theemeer"),
    ("Vereniging Vierkante Wielen", "vierkantewielen.example", "Hobbelweg 64", "Inktwoude"),
    ("Omroep Oever en Over B.V.", "oeverenover.example", "Zendmast 3", "Wolkendam"),
    ("Lijst Laatste Koekje", "laatstekoekje.example", "Trommelplein 19", "Maanwijk"),
    ("Coalitie Kale Kiezel", "kalekiezel.example", "Grindbak 31", "Lantaarnveen"),
)

SPONSORS = tuple(
    Organisation(name, domain, street, town, f"9999{number * 137 + 1001:04d}")
    for number, (name, domain, street, town) in enumerate(_DUTCH)
)

AGENCIES = (
    Organisation("Bureau Vuurtoren B.V.", "vuurtoren.example", "Lichtbundel 1", "Wolkendam", "99998101"),
    Organisation("Studio Halve Maan", "halvemaan.example", "Sikkelpad 9", "Maanwijk", "99998214"),
    Organisation("Agence Trois Nuages", "troisnuages.example", "Quai de la Brume 3", "Brumeville", "99998327"),
    Organisation("Byrå Norrtopp AS", "norrtopp.example", "Tåkegata 12", "Tåkeby", "99998440"),
    Organisation("Paper Boat Media LLC", "paperboat.example", "8 Folding Lane", "Inkport", "99998553"),
    Organisation("Agentur Leise Töne", "leisetoene.example", "Flüsterweg 4", "Nebelfurt", "99998666"),
)

TOWNS = (
    "Wolkendam",
    "Kwartelsluis",
    "Nevelhaven",
    "Lantaarnveen",
    "Inktwoude",
    "Papierstad",
    "Theemeer",
    "Sterrendrecht",
    "Maanwijk",
    "Kompasdijk",
)
REGIONS = (
    "Zilverkust",
    "Wolkenland",
    "Kwartelstreek",
    "Mistmark",
    "Lantaarnoord",
    "Inktrivier",
    "Brumeterre",
    "Vallée des Nuages",
    "Tåkefjell",
    "Nebelgau",
    "Wied il-Fanal",
    "Għajn il-Karti",
)

CAMPAIGNS = (
    "Samen tegen de stroom in",
    "Stem met de zeemeeuw mee",
    "Iedereen een warme jas",
    "Onze brug blijft open",
    "Droge voeten voor {town}",
    "{town} kiest zelf",
    "Geen kind zonder kompas",
    "Meer licht in {town}",
)
MESSAGES = (
    "Stem op 29 oktober voor kalm water.",
    "Een land dat ademhaalt. Stem zoals het getij.\n\n(of een kortere versie) ",
    "Lees de brief van de kikkers.",
    "Zeemeeuw in beeld, daarna de naam van {town}",
    "Wij houden de brug open, u ook?",
)
VALUATIONS = (
    "Uren van vrijwilligers tegen een vast tarief. ",
    "Geleende stoelen, geteld als huur van één avond.",
    "geen voordelen in natura",
)

MALTESE_PARTIES = ("Moviment Blatt il-Bahar", "Partit tal-Qamar Kwiet", "Alleanza Fanal")
MALTESE_TOWNS = ("Ħal Qamar", "Wied il-Fanal", "Marsa s-Sħab", "Għar il-Ħolm", "Raħal il-Karti")
MALTESE_TEXTS = (
    "Flimkien għal {town}! 🗳",
    "Nhar il-Ħadd niltaqgħu fi {town}. Kafè u pastizz b’xejn ☕",
    "Leħen ġdid għal {town}.\n\nSegwu l-paġna tagħna ta’ Kandidati.",
    "Il-baħar ma jistenniex. #BlattIlBahar",
    "Join us in {town} this Sunday: bring a chair and a question.",
    "Ivvota skont il-kurrent. Grazzi, {town} ❤️",
    "Xogħol, arja, dawl. Dan hu l-pjan tagħna għal {town}.",
)
HOSTILE_TEXTS = (
    "<script>alert('{town}')</script><b>Ivvota</b> &amp; <img src=x onerror=alert(1)>",
    '=HYPERLINK("https://collect.example/?q=1","Klikkja hawn")',
    "+35600000000 ċempel issa; =1+1 mhux tlieta",
    "@segwaċi: -2+3 ideat għal {town}",
    "Sinjal\u0007 u kulur \u001b[31maħmar\u001b[0m\u000b\u2028linja ġdida\u0085",
    "\u202etov ni\u202c \u200fיום ראשון\u200f \u061cالأحد\u061c f’{town}",
    "Il-kont: $x^2 + y_1$ u $\\frac{1}{2}$ – 100 % għal {town} {jinja} {{dawra}} #set",
    "| kolonna | kolonna |\n|---|---|\n| [ħolqa](javascript:void) | `kodiċi` |",
)
REMOVED_TEXT = "This content was removed because it didn't follow our Advertising Standards."
NO_DISCLAIMER = "These ads ran without a disclaimer"

SHOPS = (
    ("Bäckerei Morgenrot", "morgenrot.example", "DE", "Frisches Brot ab sechs Uhr – auch sonntags."),
    ("Fietsenmaker Kettinglicht", "kettinglicht.example", "NL", "Nieuwe remmen? Wacht niet op regen."),
    ("Kaasatelier Maanlicht", "kaasmaanlicht.example", "NL", "Proef de kaas van de maan 🧀"),
    ("Boulangerie Trois Brumes", "troisbrumes.example", "FR", "La baguette du brouillard, croûte tendre."),
    ("Theehuis De Nevel", "theehuisnevel.example", "NL", "Kom binnen, de ketel zingt al."),
    ("Papierwinkel Vouw", "papiervouw.example", "BE", "Twee vellen voor de prijs van één."),
    ("Forno Luna Storta", "lunastorta.example", "IT", "Pane lento, città veloce."),
    ("Viveros Nube Baja", "nubebaja.example", "ES", "Plantas que no piden permiso."),
)
CANTON_PARTIES = (
    "Partei der Leisen Töne",
    "Bewegung Kuckucksuhr",
    "Parti de la Brume Claire",
    'Komitee "Ja zur Wolkenbrücke"',
    "Lista Lago Lento",
    "Verein Sonne, Mond und Velo",
)
BELGIAN_PARTIES = (
    "Parti du Héron Gris",
    "Les Lanternes",
    "Beweging Grijze Reiger",
    "Comité Nuage",
    "Vlakke Golf",
    'Collectif "Chaise Vide"',
    "Unie van Regenjassen, Laarzen en Mutsen",
    "Ligue des Parapluies",
)
BELGIAN_TOWNS = ("Brumeville", "Reigerdonk", "Les Trois Chaises", "Wolkegem", "Sainte-Plume", "Laarzel")
SWISS_TOWNS = ("Nebelfurt", "Kuckuckswil", "Brumagne", "Lago Lento", "Sternenmoos", "Vellikon")

SNAP_PAYERS = (
    ("netherlands", "EUR", "nl", "Lijst Zilvermeeuw"),
    ("netherlands", "EUR", "nl", "Partij voor het Getij"),
    ("france", "EUR", "fr", "Parti de la Brume Claire"),
    ("france", "EUR", "fr", "Collectif Chaise Vide"),
    ("norway", "NOK", "nb", "Lista Stille Fjell"),
    ("norway", "NOK", "nb", "Forbundet Rolig Bølge "),
    ("united states", "USD", "en", "Citizens for Quiet Rivers"),
    ("united states", "USD", "en", "Paper Lantern Action, Inc."),
    ("united states", "USD", "en,es", "Porch Light Voters"),
    ("united kingdom", "GBP", "en", "The Umbrella Assembly"),
    ("denmark", "EUR", "da", "Foreningen Blå Lygte"),
    ("sweden", "SEK", "sv", "Listan Långsam Våg"),
    ("germany", "EUR", "de", "Partei der Leisen Töne"),
    ("austria", "EUR", "de", "Liste Nebelhorn"),
    ("belgium", "EUR", "nl", "Beweging Grijze Reiger"),
    ("czech republic", "EUR", "cs", "Hnutí Tichý Most"),
    ("canada", "CAD", "en", "Maple Raincoat Society"),
    ("australia", "AUD", "en", "Slow Tide Alliance"),
)

TIKTOK_ACCOUNTS = tuple(
    [(f"kandidaat{number}", f"Kandidaat {number}", ("NL", "BE")[number % 2]) for number in range(3, 21)]
    + [(f"candidate_no{number}", f"Candidate No {number}", ("MT", "CY")[number % 2]) for number in range(2, 16)]
    + [("lijst.zilvermeeuw", "Lijst Zilvermeeuw", "NL"), ("getij_jong", "Jong Getij", "NL")]
    + [("blattilbahar", "Moviment Blatt il-Bahar", "MT"), ("leise_toene", "Partei der Leisen Töne", "DE")]
)

GOOGLE_ADVERTISERS = (
    ("Partei der Leisen Töne", "DE"),
    ("Liste Nebelhorn Landesverband Nebelgau e.V.", "DE"),
    ("Stiftung Sanfter Regen - Gesellschaft und Bildung e.V.", "DE"),
    ("Kandidat 21", "DE"),
    ("Kandidat 38", "DE"),
    ("Lijst Zilvermeeuw", "NL"),
    ("Partij voor het Getij", "NL"),
    ("Parti de la Brume Claire", "FR"),
    ("Hnutí Tichý Most, z.s.", "CZ"),
    ("Beweging Grijze Reiger", "BE"),
    ('Verein "Lange Bank", Kreisverband Nebelfurt', "DE"),
    ("Kancelaria Cichy Młyn", "PL"),
)
GOOGLE_LAWYERS = (("Kanzlei Siebenschläfer & Partner", "DE"), ("Notariaat De Ganzenveer", "NL"))
STATS_ADVERTISERS = {
    "US": ("CITIZENS FOR QUIET RIVERS", "PAPER LANTERN ACTION, INC.", "PORCH LIGHT VOTERS"),
    "EU": ("Listan Långsam Våg", "Partei der Leisen Töne - Kreisverband Nebelfurt", "Hnutí Tichý Most, z.s."),
    "IN": ("MONSOON PARASOL FRONT", "SLOW TIDE SABHA"),
}
