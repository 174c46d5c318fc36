"""JCM ID-003: bill validators UBA, WBA, EBA, Vega, iVizion, iPRO; GPT Aurora and CashCode with ID-003 firmware."""
