"""Words for the details that narrow a finding: (English, Korean)."""

WORDS: dict[str, tuple[str, str]] = {
    # hidden pictures
    "thumbnail": ("a small, unprotected copy of the picture", "보호되지 않은 작은 사진"),
    "photoshop_thumbnail": ("a small, unprotected copy of the picture", "보호되지 않은 작은 사진"),
    "claim_thumbnail": (
        "an unprotected copy inside the content credentials",
        "콘텐츠 인증 정보 속의 보호되지 않은 사진",
    ),
    "ingredient_thumbnail": (
        "an unprotected copy inside the content credentials",
        "콘텐츠 인증 정보 속의 보호되지 않은 사진",
    ),
    "preview": ("an unprotected preview of the picture", "보호되지 않은 미리보기 사진"),
    "original": ("a second, unprotected copy of the picture", "보호되지 않은 두 번째 사진"),
    "second_picture": ("a second picture in the same file", "한 파일에 든 두 번째 사진"),
    "page": ("further pages with pictures", "사진이 든 다음 페이지"),
    "gain_map": ("an HDR brightness map that shows the face", "얼굴이 드러나는 HDR 밝기 지도"),
    "depth": ("a depth map that shows the face", "얼굴이 드러나는 깊이 지도"),
    "matte": ("the outline of the person", "사람의 윤곽"),
    "thermal": ("a heat picture", "열화상 사진"),
    # hidden videos
    "motion_photo": ("a short video of the moment", "짧은 동영상"),
    "track": ("a video track", "동영상"),
    # who, where, when, with what
    "face_regions": ("names or places of faces", "얼굴의 이름이나 위치"),
    "city": ("the town or country where it was taken", "촬영한 도시나 나라"),
    "gps": ("where it was taken (coordinates)", "촬영 장소(좌표)"),
    "serial": ("the camera's serial number", "카메라 일련번호"),
    "owner": ("the owner's name", "소유자 이름"),
    "copyright": ("whose it is (copyright)", "저작권자"),
    "contact": ("how to reach the author", "작성자 연락처"),
    "software": ("the program that wrote it", "저장한 프로그램"),
    "maker_note": ("notes of the camera maker", "카메라 제조사 기록"),
    # how it was made
    "c2pa": ("content credentials (C2PA)", "콘텐츠 인증 정보(C2PA)"),
    "generator": ("what an image generator was told", "이미지 생성기에 준 지시"),
    "edit_history": ("the history of its editing", "편집 기록"),
    # the rest
    "profile": ("a colour profile that can name the device", "기기를 알려 줄 수 있는 색 프로파일"),
    "keywords": ("keywords", "핵심어"),
    "caption": ("a caption", "사진 설명"),
    "padding": ("empty padding", "빈 채움 데이터"),
    "samsung": ("data of the phone maker", "휴대폰 제조사 데이터"),
}
