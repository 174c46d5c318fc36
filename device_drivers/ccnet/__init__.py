"""CCNET (CashCode NET): bill validators CashCode SM/MSM/MVU/MFL/FLS/G200/GX, Creator C100/C200, ICT L83."""
