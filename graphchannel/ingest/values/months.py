"""The names of the months, short and long, in the languages of those who send reports."""

from __future__ import annotations

# How the names of each month begin in English, German, Dutch, French, Spanish, Portuguese, Italian
# and Polish. June and July of the French differ in the fourth letter.
BEGINNINGS = (
    ("jan", "ene", "gen", "sty"),
    ("feb", "fev", "f\xe9v", "lut"),
    ("mar", "m\xe4r", "mrz", "maa", "mrt"),
    ("apr", "avr", "abr", "kwi"),
    ("may", "mai", "mei", "mag", "maj"),
    ("jun", "juin", "giu", "cze"),
    ("jul", "juil", "lug", "lip"),
    ("aug", "aou", "ao\xfb", "ago", "sie"),
    ("sep", "set", "wrz"),
    ("oct", "okt", "ott", "out", "paz", "pa\u017a"),
    ("nov", "lis"),
    ("dec", "d\xe9c", "dez", "dic", "gru"),
)
