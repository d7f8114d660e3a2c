"""Where the hospitals of the demo are: invented positions in an invented region.

Names and services are those of the demo's day; nobody should drive by them.
"""

from __future__ import annotations

HOSPITALS = """\
code,name,lat,lon,ed,trauma,stroke,stemi,ct,cath,ob,icu,psych,peds,ed_spaces,phone,note
MMH,Manchester Memorial,41.780,-72.520,Y,N,Y,,Y,,Y,Y,,,31,555-0101,
RGH,Rockville General,41.850,-72.430,Y,N,N,N,Y,N,,N,Y,,14,555-0102,
WBH,Waterbury,41.730,-72.740,Y,Y,Y,Y,Y,Y,Y,Y,Y,Y,42,555-0103,
CCM,Crozer-Chester,41.620,-72.620,Y,Y,Y,Y,Y,Y,Y,Y,,,40,555-0104,
TAY,Taylor,41.650,-72.430,Y,N,,,Y,,N,Y,,,18,555-0105,
DCM,Delaware County Memorial,41.930,-72.780,,,,,,,,,,,12,555-0106,sources conflict on the ED
SPR,Springfield,41.590,-72.800,Y,N,N,N,Y,N,N,N,,,8,555-0107,
"""
PLACES = """\
place\tlatitude\tlongitude\tsetting
Sample Corner\t41.800\t-72.540\tsuburban
Example Mills\t41.690\t-72.560\tsuburban
Invention Bridge\t41.760\t-72.640\turban
Nowhere Green\t41.910\t-72.500\trural
Made-up Lake\t41.640\t-72.340\trural
"""
POSITIONS = {
    place: (latitude, longitude)
    for place, latitude, longitude, _ in (line.split("\t") for line in PLACES.splitlines()[1:])
}
DRIVES = """\
place\tcode\tminutes\tlo\thi\tsource
Made-up Lake\tTAY\t19\t16\t25\tdrill of last May, by the ferry road
"""
# A lake shore and a county line, as a site would export them.
OUTLINE = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon",'
    '"coordinates":[[[-72.90,41.53],[-72.24,41.55],[-72.22,41.78],[-72.27,42.02],[-72.55,42.04],'
    "[-72.88,42.01],[-72.93,41.80],[-72.90,41.53]]]}},"
    '{"type":"Feature","geometry":{"type":"LineString","coordinates":[[-72.66,42.03],'
    "[-72.63,41.93],[-72.66,41.82],[-72.63,41.74],[-72.57,41.66],[-72.55,41.54]]}}]}"
)
FILES = {
    "hospitals.csv": HOSPITALS,
    "places.tsv": PLACES,
    "drive_times.tsv": DRIVES,
    "region.geojson": OUTLINE,
}
