@rem photoguard
@chcp 65001 >nul
@start "" "photoguard" gui %*
