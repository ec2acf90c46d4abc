"""모든 코드의 한국어 문장. 짧고 차분하게, 할 수 있는 일이 있으면 꼭 알려 줘요."""

PROBLEMS = {
    "not_a_photo": "photoguard가 읽을 수 있는 사진이 아니에요.",
    "empty_file": "빈 파일이에요.",
    "unsupported_format": "{format} 파일은 아직 다룰 수 없어요. JPEG나 PNG로 저장해서 다시 해 보세요.",
    "truncated": "파일이 중간에 잘려서 사진 일부가 없어요. 원래 있던 곳에서 다시 복사해 주세요.",
    "malformed": "파일 안쪽이 손상됐어요. 사진 앱에서 열어 새 파일로 저장한 뒤 그 파일로 해 보세요.",
    "too_large": "사진이 {width} x {height} 픽셀이라 한도({limit_megapixels}메가픽셀)를 넘어요. 먼저 크기를 줄여 주세요.",
    "file_too_big": "사진이라기에는 파일이 너무 커요.",
    "animated": "움직이는 사진({frames}장면)이라 보호할 수 없어요. 숨은 정보는 `photoguard scrub`으로 지울 수 있어요.",
    "unsupported_pixels": "이 사진의 색 저장 방식({mode})은 읽을 수 없어요. 보통 JPEG나 PNG로 저장해서 다시 해 보세요.",
    "needs_extra": "{format} 사진을 읽으려면 하나 더 설치해 주세요: pip install 'photoguard[{extra}]'",
    "vanished": "파일이 그 자리에 없어요.",
    "unreadable": "파일을 열 수 없어요. 읽기 권한이 있는지 확인해 주세요.",
    "output_not_writable": "그곳에는 저장할 수 없어요. --out으로 다른 폴더를 골라 주세요.",
    "disk_full": "디스크가 가득 찼어요. 공간을 만든 뒤 다시 시작해 주세요. 끝난 사진은 그대로 있어요.",
    "output_exists": "같은 이름의 파일이 이미 있어요. 덮어쓰지 않아요.",
    "output_is_source": "복사본이 원본을 덮게 돼요. --out으로 다른 폴더를 골라 주세요.",
    "no_photos": "이 폴더에는 사진이 없어요.",
    "no_face": "얼굴을 찾지 못했어요. 숨은 정보는 지웠지만 보호할 얼굴이 없었어요.",
    "face_too_small": "얼굴 너비가 {width_px}픽셀뿐이에요. {least_px}픽셀보다 작은 얼굴은 그대로 둬요.",
    "residue_left": "복사본에 사진 말고 다른 것이 남아 있어서 버렸어요.",
    "pixels_differ": "저장한 복사본이 다르게 읽혀서 버렸어요. 다시 하거나 다른 디스크를 써 보세요.",
    "cloak_too_weak": "티 나지 않게는 얼굴을 충분히 바꿀 수 없어서(남은 닮음 {similarity_percent}%) 복사본을 만들지 않았어요. "
    "--strength strong이나 더 선명한 사진으로 해 보세요.",
    "cloak_too_visible": "고른 세기보다 변화가 눈에 띄게 돼서 복사본을 만들지 않았어요. --format png로 해 보세요.",
    "decoder_disagrees": "프로그램마다 이 파일을 다르게 읽어서 안전하지 않아요. 먼저 새 파일로 저장해 주세요.",
    "not_available_yet": "--{option} 기능은 아직 없어요.",
    "unknown_model": "이 컴퓨터에 {model} 모델이 없어요. `photoguard models list`로 확인할 수 있어요.",
    "model_broken": "모델 파일 {model}이(가) 손상됐어요. photoguard를 다시 설치해 주세요.",
    "no_encoder": "얼굴 인코더가 없어요. photoguard를 다시 설치해 주세요.",
    "no_detector": "dlib 모델 파일이 없어요. photoguard를 다시 설치해 주세요.",
    "unsupported_operator": "이 모델은 photoguard가 모르는 연산({operator})을 써요.",
    "out_of_memory": "메모리가 모자라요. 다른 프로그램을 닫거나 사진을 줄여 주세요.",
    "internal": "photoguard 안에서 문제가 생겼어요({kind}). 원본은 그대로이고 다른 사진은 계속해요.",
}

KINDS = {
    "location": "촬영 장소",
    "device": "촬영 기기",
    "time": "촬영 시각",
    "author": "작성자",
    "people": "사람 이름",
    "hidden_picture": "숨은 사진",
    "hidden_video": "숨은 동영상",
    "provenance": "제작·편집 기록",
    "text": "메모",
    "colour": "색 정보",
    "unknown": "알 수 없는 데이터",
}

OUTCOMES = {
    "protected": "보호됨",
    "scrubbed": "정보 삭제됨",
    "no_face": "정보만 삭제됨, 얼굴 없음",
    "refused": "하지 않음",
    "failed": "하지 못함",
    "skipped": "이미 있음",
}

STAGES = {
    "reading": "읽는 중",
    "finding_faces": "얼굴 찾는 중",
    "cloaking": "얼굴을 조금 바꾸는 중",
    "writing": "저장하는 중",
    "checking": "복사본 확인하는 중",
}

PHRASES = {
    "face_of": "얼굴 {face}/{faces}",
    "seconds_left": "약 {seconds}초 남음",
    "nothing_hidden": "사진 말고는 아무것도 없어요",
    "bytes": "{size}바이트",
    "removed": "지운 것",
    "likeness": "{encoder}에게 남은 닮음: {before} -> {after} (파일), {posted} ({platform} 거친 뒤)",
    "visibility": "눈에 띄는 정도: SSIMULACRA2 {ssimulacra2} (100 = 전혀 안 보임), butteraugli {butteraugli}",
    "summary": "사진 {count}장 중 {done}장 완료",
    "saved": "저장한 곳: {path}",
    "cancelled": "멈췄어요. 끝난 복사본은 그대로 있고, 쓰다 만 파일은 없어요.",
    "honesty": "방금 저장한 파일을 여기 적힌 인코더로 잰 값이에요. 다른 인코더는 더 알아볼 수 있어요. 이미 온라인에 있는 예전 사진은 "
    "그대로 쓰일 수 있고, 작정한 사람은 보호를 약하게 만들 수 있어요.",
    "left_alone": "그대로 둠",
    "nothing_to_do": "할 일이 없어요.",
    "demo_missing": "예시 사진은 scikit-image에 들어 있어요: pip install 'photoguard[demo]'",
    "demo_sheet": "전, 후, 차이: {path}",
    "before": "전",
    "after": "후",
    "difference": "차이 x 8",
    "pixels": "{width} x {height} 픽셀",
    "unreadable_inside": "파일 일부를 읽을 수 없어요",
}
