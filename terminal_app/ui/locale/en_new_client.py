"""Words of who wants a contract (clause 6.3.6b)."""

NEW_CLIENT = {
    "office.new_client": "Make a contract",
    "office.new_client.hint": "If you are new to us",
    "written.new_client": "New client: a contract",
    "written.is.supply": "Where the contract is for",
    "written.which.phone": "Phone",
    "written.which.email": "E-mail",
    "new_client.place": "The address that needs electricity",
    "new_client.phone": "Your phone",
    "new_client.email": "E-mail for a copy of the consent",
    "new_client.name": "Last name, first name, patronymic",
    "new_client.papers.title": "Show your documents",
    "new_client.papers.sentence": "Passport and the paper for the flat or house. You may bring them later",
    "new_client.papers.photo": "Take a photo",
    "new_client.papers.none": "I will bring them later",
}
