"""English words for every code. Plain, calm, and always with what to do next where there is something to do."""

PROBLEMS = {
    "not_a_photo": "This is not a photo that photoguard can read.",
    "empty_file": "This file is empty.",
    "unsupported_format": "photoguard cannot work on {format} files yet. Save it as JPEG or PNG and try again.",
    "truncated": "This file is cut short, so part of the picture is missing. Copy it again from where it came.",
    "malformed": "This file is damaged inside. Open it in a photo app, save it as a new file, and try that.",
    "too_large": "This picture is {width} x {height} pixels, more than the {limit_megapixels} megapixels that fit. "
    "Make it smaller first.",
    "file_too_big": "This file is too big to be a photo.",
    "animated": "This picture moves ({frames} frames). Moving pictures cannot be protected; `photoguard scrub` can "
    "still remove what is hidden in it.",
    "unsupported_pixels": "This photo stores its colours in a way photoguard cannot read ({mode}). Save it as a normal "
    "JPEG or PNG and try again.",
    "needs_extra": "To read {format} photos, install one more part: pip install 'photoguard[{extra}]'",
    "vanished": "This file is not there (any more).",
    "unreadable": "This file could not be opened. Check that you may read it.",
    "output_not_writable": "The copy could not be saved there. Choose another folder with --out.",
    "disk_full": "The disk is full. Make some room and start again; finished photos are kept.",
    "output_exists": "There is already a file with that name. Nothing is ever overwritten.",
    "output_is_source": "The copy would replace the original. Choose another folder with --out.",
    "no_photos": "There are no photos in this folder.",
    "no_face": "No face was found. The hidden data is gone, but there was no face to protect.",
    "face_too_small": "A face is only {width_px} pixels wide. Faces under {least_px} pixels are left as they are.",
    "residue_left": "The copy still carried something besides the picture, so it was thrown away.",
    "pixels_differ": "The copy did not read back as written, so it was thrown away. Try again or use another disk.",
    "cloak_too_weak": "A face could not be changed enough without showing (likeness left: {similarity_percent} %), so no "
    "copy was kept. Try --strength strong, or a sharper photo.",
    "cloak_too_visible": "The change would have been easier to see than the chosen strength allows, so no copy was kept. "
    "Try --format png.",
    "decoder_disagrees": "Two programs read this file differently, so it is not safe to keep. Save it as a new file first.",
    "not_available_yet": "--{option} is not available yet.",
    "unknown_model": "There is no model called {model} on this computer. `photoguard models list` shows what there is.",
    "model_broken": "The model file {model} is damaged. Install photoguard again.",
    "no_encoder": "A part is missing: no face encoder is installed. Install photoguard again.",
    "no_detector": "A part is missing: dlib's model files. Install photoguard again.",
    "unsupported_operator": "This model uses {operator}, which photoguard does not know.",
    "out_of_memory": "There was not enough memory for this photo. Close other programs, or make the photo smaller.",
    "internal": "Something went wrong inside photoguard ({kind}). The original is untouched; the other photos go on.",
}

KINDS = {
    "location": "where it was taken",
    "device": "which device took it",
    "time": "when it was taken",
    "author": "whose it is",
    "people": "names of people in it",
    "hidden_picture": "another copy of the picture",
    "hidden_video": "a hidden video",
    "provenance": "how it was made or edited",
    "text": "notes",
    "colour": "colour data",
    "unknown": "data nobody can explain",
}

OUTCOMES = {
    "protected": "protected",
    "scrubbed": "cleaned",
    "no_face": "cleaned, no face to protect",
    "refused": "not done",
    "failed": "not done",
    "skipped": "already there",
}

STAGES = {
    "reading": "reading",
    "finding_faces": "looking for faces",
    "cloaking": "changing the face a little",
    "writing": "writing",
    "checking": "checking the copy",
}

PHRASES = {
    "face_of": "face {face} of {faces}",
    "seconds_left": "about {seconds} s left",
    "nothing_hidden": "nothing but the picture",
    "bytes": "{size} bytes",
    "removed": "removed",
    "likeness": "what {encoder} still sees of the person: {before} -> {after} (file), {posted} (after {platform})",
    "visibility": "how visible: SSIMULACRA2 {ssimulacra2} (100 = not at all), butteraugli {butteraugli}",
    "summary": "{done} of {count} photos done",
    "saved": "saved as {path}",
    "cancelled": "Stopped. Finished copies are kept, nothing half-written is left.",
    "honesty": "Measured with the encoders named here, on the files just written. Other encoders may see more. Older photos "
    "that are already online stay usable, and a determined person can wear a cloak down.",
    "left_alone": "left as it is",
    "nothing_to_do": "Nothing to do.",
    "demo_missing": "The sample portrait comes with scikit-image: pip install 'photoguard[demo]'",
    "demo_sheet": "Before, after, and the difference: {path}",
    "before": "before",
    "after": "after",
    "difference": "difference x 8",
    "pixels": "{width} x {height} pixels",
    "unreadable_inside": "part of the file could not be read",
}
