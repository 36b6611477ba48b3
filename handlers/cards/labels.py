"""Names of fields and states, and what is said of a file that gave no draft or a poor one."""

from __future__ import annotations

from handlers.chat import Tone

FIELD_LABELS = {
    "payee": "Payee",
    "date": "Date",
    "amount": "Total",
    "private_amount": "Private share",
    "tax_10": "Tax 10%",
    "tax_8": "Tax 8%",
    "other_taxes": "Other taxes",
    "tax_included": "Tax in the prices",
    "taxes": "Tax",
    "registration_number": "Registration no.",
    "category": "Category",
    "payment_method": "Paid by",
    "attendees": "Attendees",
    "yen": "In yen",
    "missing_receipt": "Why no receipt",
    "purpose": "Purpose",
    "description": "Purpose of this line",
    "reason": "Reason",
    "currency": "Currency",
    "budget_code": "Budget line",
    "project": "Project",
    "advance": "Advance wanted",
    "rate": "Exchange rate",
    "receipt": "Receipt",
    "journey": "Ride",
    "destination": "Where the trip goes",
    "prefecture": "Prefecture",
    "starts": "First day",
    "ends": "Last day",
    "nights": "Nights",
    "distance_km": "Kilometres to the destination, one way",
    "rides": "Rides",
    "lodging": "Lodging",
}

STATE_LABELS: dict[str, tuple[str, Tone]] = {
    "draft": ("Draft", "plain"),
    "submitted": ("Waiting for approval", "plain"),
    "in_approval": ("Partly approved", "plain"),
    "returned": ("Sent back", "doubt"),
    "approved": ("Approved", "good"),
    "rejected": ("Rejected", "bad"),
    "exported": ("Exported", "good"),
    "paid": ("Paid", "good"),
    "cancelled": ("Deleted", "plain"),
}

# Why a file gave no draft: the reader's or the platform's code → what happened and what to do.
FAILURES = {
    "not_an_image": "This file is not a photo or PDF that can be read. Please send JPEG, PNG, HEIC, WebP, TIFF or PDF.",
    "damaged": "This file is damaged or incomplete. Please take the photo again and send it once more.",
    "encrypted_pdf": "This PDF is locked with a password. Please send it without the password, or send a photo.",
    "too_large": "This file is too large (limit {megabytes} MB, {megapixels} million pixels). "
    "Please send a smaller one.",
    "no_text": "No text was found in this photo. Please take it again, nearer and in brighter light.",
    "engine_failed": "The receipt could not be read just now. You can send it again, or enter it by hand.",
    "duplicate": "The same receipt is already in another claim.",
    "gone": "The file was deleted before it could be read. Please send it again.",
    "not_kept": "Something went wrong on our side before the receipt was kept. Please send it again.",
    "internal_error": "Something went wrong on our side. The receipt is kept; you can enter it by hand.",
}

NOTICES = {
    "first_pages_only": "Only the first pages of this file were read.",
    "animated_first_frame": "Only the first picture of this animation was read.",
    "low_resolution": "The resolution is low. Evidence needs 200 dpi: please send the original photo, "
    "or take it again from nearer.",
    "blurred": "The photo is blurred. Please check the figures, or hold still and take it again.",
    "too_dark": "The photo is dark. Please check the figures, or take it again in brighter light.",
    "too_bright": "The photo is very bright. Please check the figures, or take it again without direct light.",
    "low_contrast": "The print is faint. Please check the figures.",
    "cut_off": "The receipt may be cut off at the edge. Please take it again with all four edges in the picture.",
    "several_receipts": "Several receipts were found in this photo.",
    "not_a_receipt": "This does not look like a receipt. Please check it, or delete the draft.",
}
