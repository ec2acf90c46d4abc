"""Words for the details that narrow a finding: (English, Korean)."""

WORDS: dict[str, tuple[str, str]] = {
    "thumbnail": ("a small, unprotected copy of the picture", "보호되지 않은 작은 사진"),
    "preview": ("an unprotected preview of the picture", "보호되지 않은 미리보기 사진"),
    "original": ("a second, unprotected copy of the picture", "보호되지 않은 두 번째 사진"),
    "gain_map": ("an HDR brightness map that shows the face", "얼굴이 드러나는 HDR 밝기 지도"),
    "depth_map": ("a depth map of the scene", "장면의 깊이 지도"),
    "c2pa": ("content credentials (C2PA)", "콘텐츠 인증 정보(C2PA)"),
    "serial": ("the camera's serial number", "카메라 일련번호"),
    "maker_note": ("notes of the camera maker", "카메라 제조사 기록"),
    "motion_photo": ("a short video of the moment", "짧은 동영상"),
}
