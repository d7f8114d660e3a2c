"""Tall-man spelling of look-alike drug names.

Source: FDA and ISMP Lists of Look-Alike Drug Names with Recommended Tall Man Letters (ISMP, 2023
and before), generic names only. A site with another list replaces the table.
"""

from __future__ import annotations

from collections.abc import Mapping

_FDA = """
acetaZOLAMIDE acetoHEXAMIDE buPROPion busPIRone chlorproMAZINE chlorproPAMIDE clomiPHENE
clomiPRAMINE cycloSERINE cycloSPORINE DAUNOrubicin dimenhyDRINATE diphenhydrAMINE DOBUTamine
DOPamine DOXOrubicin glipiZIDE glyBURIDE hydrALAZINE HYDROmorphone hydrOXYzine
medroxyPROGESTERone methylPREDNISolone methylTESTOSTERone mitoXANTRONE niCARdipine NIFEdipine
prednisoLONE predniSONE risperiDONE rOPINIRole sulfADIAZINE sulfiSOXAZOLE TOLAZamide TOLBUTamide
vinBLAStine vinCRIStine CISplatin CARBOplatin
"""
_ISMP = """
ALPRAZolam amLODIPine aMILoride ARIPiprazole azaCITIDine azaTHIOprine carBAMazepine ceFAZolin
cefTRIAXone chlordiazePOXIDE clonazePAM cloNIDine DACTINomycin DAPTOmycin DULoxetine ePHEDrine
EPINEPHrine fentaNYL FLUoxetine guaiFENesin guanFACINE HYDROcodone IDArubicin inFLIXimab
lamoTRIgine lamiVUDine LORazepam metFORMIN metroNIDAZOLE niMODipine OLANZapine OXcarbazepine
oxyCODONE PARoxetine PENTobarbital PHENobarbital QUEtiapine quiNIDine quiNINE riTUXimab
SAXagliptin SITagliptin SUFentanil SUMAtriptan tiaGABine tiZANidine traMADol traZODone
valACYclovir valGANciclovir ZOLMitriptan
"""

TALL_MAN: Mapping[str, str] = {name.casefold(): name for name in (_FDA + _ISMP).split()}
"""Lower-case generic name → its tall-man spelling."""
