"""The screens of laboratory, imaging and blood bank: boards, requests, single specimens."""
