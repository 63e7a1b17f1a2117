; Names of a style sheet belong to the whole sheet.
