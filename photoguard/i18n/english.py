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
    "command_not_available_yet": "`photoguard {command}` is not available yet.",
    "needs_demo": "The sample portrait comes with scikit-image: pip install 'photoguard[demo]'",
    "needs_window": "The window needs one more part: pip install 'photoguard[gui]'",
    "unknown_model": "There is no model called {model} on this computer. `photoguard models list` shows what there is.",
    "model_broken": "The model file {model} is damaged. Install photoguard again.",
    "no_encoder": "A part is missing: no face encoder is installed. Install photoguard again.",
    "no_detector": "A part is missing: dlib's model files. Install photoguard again.",
    "unsupported_operator": "The model {model} uses {operator}, which photoguard does not know.",
    "model_malformed": "The file of the model {model} is damaged or no ONNX file ({place}). Get it again from where it came.",
    "model_unfit": "The model {model} is not a face recogniser that photoguard can use ({reason}).",
    "model_too_large": "The model {model} is too large: {count} {what}, more than {limit}.",
    "model_changed": "The file of the model {model} is not the one its list (MANIFEST.toml) describes, so it was not loaded. "
    "Get it again from where it came.",
    "model_unreadable": "The file of the model {model} is not there or cannot be opened.",
    "evaluator_only": "The model {model} is kept for checking the result, so it cannot take part in changing the photo.",
    "model_list_broken": "The list of models (MANIFEST.toml in the folder that PHOTOGUARD_MODELS names) cannot be used: "
    "{place}.",
    "out_of_memory": "There was not enough memory for this photo. Close other programs, or make the photo smaller.",
    "engine_died": "The part that does the work stopped in the middle of this photo and was started again. The original is "
    "untouched. Try this photo once more, or make it smaller.",
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
    "removed": "removed: {things}",
    "was_clean": "it carried nothing but the picture",
    "getting_ready": "getting ready",
    "step_of": "step {step} of {steps}",
    "photo_of": "photo {number} of {count}",
    "minutes_left": "about {minutes} min left",
    "hours_left": "about {hours} h left",
    "face": "face {number} ({width} px wide)",
    "more_faces": "and {count} more faces, in the report (--json)",
    "moves": "it moves: {frames} frames",
    "likeness": "{encoder} sees the person at {file} of 1.00, {posted} after posting",
    "visibility": "how visible: SSIMULACRA2 {ssimulacra2} (100: not at all), butteraugli {butteraugli_3norm}",
    "summary": "{done} of {count} photos done",
    "saved": "saved as {path}",
    "cancelled": "Stopped. Finished copies are kept, nothing half-written is left.",
    "not_independent": "Not independently checked: the figures come from what took part in the change ({encoders}). Others "
    "may see more of the person, and photos that are already online stay usable.",
    "honesty": "Measured with the encoders named here, on the files just written. Other encoders may see more. Older photos "
    "that are already online stay usable, and a determined person can wear a cloak down.",
    "adjusted": "also changed: {things}",
    "left_alone": "left as it is",
    "nothing_to_do": "Nothing to do.",
    "demo_sheet": "Before, after, and the difference: {path}",
    "before": "before",
    "after": "after",
    "difference": "difference x 8",
    "pixels": "{width} x {height} pixels",
    "unreadable_inside": "part of the file could not be read",
}

NOTES = {
    "rotated": "turned upright",
    "converted_to_srgb": "colours converted to the usual colour space (sRGB)",
    "treated_as_srgb": "its colour profile could not be used; colours may look a little different",
    "reduced_to_8_bit": "reduced from 16 to 8 bits per colour",
    "converted_from_cmyk": "printing colours converted to screen colours",
    "first_frame_only": "only the first of its pictures was kept",
    "cleared_under_transparency": "what lay hidden under transparent parts is gone",
    "flattened_on_white": "transparent parts became white",
    "resized_for_platform": "made as small as the platform would make it",
}

HELP = {
    "photoguard": "Protects photos before they are posted: removes what is hidden in them and changes the faces a little, "
    "so that people see the same person while face encoders see somebody else. Works offline; originals are never touched.",
    "exit_codes": "Exit codes: 0 every photo has its wanted outcome; 1 at least one has not; 2 wrong usage; 130 cancelled.",
    "protect": "Remove hidden data and cloak the faces, into new files.",
    "scrub": "Remove hidden data only; the picture itself stays as it is, bit for bit where the format allows.",
    "inspect": "Show what is hidden in photos; changes nothing.",
    "demo": "Protect a sample portrait and draw a before/after sheet.",
    "gui": "Open the window.",
    "selftest": "open every view without a screen, print one JSON object, and leave",
    "lang": "language of what is printed: en or ko; default: the system's",
    "paths": "a photo or a folder (with all folders in it)",
    "out": "folder for the copies; made when it is not there, nothing in it is ever overwritten",
    "json": "also write a machine-readable report to FILE, or to the standard output with -",
    "resume": "skip photos whose copy is already there (default), or count them as not done",
    "keep_times": "give the copies the time stamps of the originals; default: no, times tell too",
    "rename": "names of the copies: as the originals, photo-0001 ..., or random; names tell too",
    "jobs": "how many photos to work on at once",
    "cluster": "run on a Dask cluster",
    "strength": "how much the faces may change; default standard",
    "platform": "where the photo will be posted: makes it the size that is kept there; default any",
    "faces": "all faces, the largest only, or thorough: search longer for small, turned and covered faces",
    "format": "format of the copies; default keep (HEIC becomes JPEG)",
    "models": "face encoders to cloak against; default: the best installed set",
    "persona": "the same false identity for one person's whole album",
    "shield_edits": "also disturb AI editors",
    "seed": "number that fixes all random choices; the same seed gives the same file",
}
