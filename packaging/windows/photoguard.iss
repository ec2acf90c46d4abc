; The installer for people: for the one who is signed in, without administrator rights; /ALLUSERS for everybody.
;   ISCC /DVersion=0.1.0 packaging\windows\photoguard.iss      (Inno Setup 6.3 or later; the frozen folder lies in dist\photoguard)
; Silently: photoguard-0.1.0-setup.exe /VERYSILENT /SUPPRESSMSGBOXES /NORESTART /ALLUSERS /POLICY="E:\policy.toml" /PACK="E:\school.zip" /KEY="ed25519:..."
; Uninstalling leaves the user's own models and settings where they are, and the rules of an administrator.

#ifndef Version
  #error Name the version: /DVersion=...
#endif
#ifndef Frozen
  #define Frozen "..\..\dist\photoguard"
#endif

[Setup]
AppId={{85BB724A-9231-4600-BB74-06F495F6FC80}
AppName=photoguard
AppVersion={#Version}
AppPublisher=photoguard contributors
DefaultDirName={autopf}\photoguard
DefaultGroupName=photoguard
DisableProgramGroupPage=yes
DisableDirPage=auto
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=commandline dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir=..\..\dist
OutputBaseFilename=photoguard-{#Version}-setup
SetupIconFile=..\..\build\icons\photoguard.ico
UninstallDisplayIcon={app}\photoguard-window.exe
LicenseFile=..\..\LICENSE
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
ChangesEnvironment=yes
CloseApplications=yes
ShowLanguageDialog=auto

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "ko"; MessagesFile: "compiler:Languages\Korean.isl"

[CustomMessages]
en.SendTo=Protect with photoguard
ko.SendTo=photoguard로 보호하기
en.OnPath=Make the command "photoguard" known to the command prompt
ko.OnPath=명령 프롬프트에서 "photoguard" 명령 쓰기
en.InMenu=Put "Protect with photoguard" into the Send to menu
ko.InMenu=보내기 메뉴에 "photoguard로 보호하기" 넣기
en.BadPack=The models in %1 were not taken in. photoguard itself is installed.
ko.BadPack=%1의 모델을 가져오지 못했어요. photoguard는 설치됐어요.

[Tasks]
Name: "menu"; Description: "{cm:InMenu}"
Name: "desktop"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "path"; Description: "{cm:OnPath}"; Flags: unchecked

[Files]
Source: "{#Frozen}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs
Source: "{code:PolicyFile}"; DestDir: "{commonappdata}\photoguard"; DestName: "policy.toml"; Flags: external uninsneveruninstall; Check: HasPolicy

[InstallDelete]
; what an older version brought and this one does not
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{autoprograms}\photoguard"; Filename: "{app}\photoguard-window.exe"
Name: "{autodesktop}\photoguard"; Filename: "{app}\photoguard-window.exe"; Tasks: desktop
Name: "{usersendto}\{cm:SendTo}"; Filename: "{app}\photoguard-window.exe"; Tasks: menu; Check: not IsAdminInstallMode

[Registry]
Root: HKA; Subkey: "Software\Classes\Applications\photoguard-window.exe"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "photoguard"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\photoguard-window.exe\shell\open\command"; ValueType: string; ValueData: """{app}\photoguard-window.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\SystemFileAssociations\image\shell\photoguard"; ValueType: string; ValueData: "{cm:SendTo}"; Flags: uninsdeletekey; Tasks: menu
Root: HKA; Subkey: "Software\Classes\SystemFileAssociations\image\shell\photoguard"; ValueType: string; ValueName: "Icon"; ValueData: "{app}\photoguard-window.exe"; Tasks: menu
Root: HKA; Subkey: "Software\Classes\SystemFileAssociations\image\shell\photoguard\command"; ValueType: string; ValueData: """{app}\photoguard-window.exe"" ""%1"""; Tasks: menu
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: not IsAdminInstallMode and NotOnOwnPath
Root: HKLM; Subkey: "SYSTEM\CurrentControlSet\Control\Session Manager\Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: IsAdminInstallMode and NotOnSharedPath

[Run]
Filename: "{app}\photoguard-window.exe"; Description: "{cm:LaunchProgram,photoguard}"; Flags: nowait postinstall skipifsilent

[Code]
const
  Shared = 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment';
  Own = 'Environment';

function PolicyFile(Unused: String): String;
begin
  Result := ExpandConstant('{param:POLICY|}');
end;

{ Rules stand for everybody, so only an administrator places them. }
function HasPolicy: Boolean;
begin
  Result := IsAdminInstallMode and (PolicyFile('') <> '') and FileExists(PolicyFile(''));
end;

function NotOnPath(Root: Integer; Key: String): Boolean;
var
  Path: String;
begin
  if not RegQueryStringValue(Root, Key, 'Path', Path) then
    Path := '';
  Result := Pos(';' + Lowercase(ExpandConstant('{app}')) + ';', ';' + Lowercase(Path) + ';') = 0;
end;

function NotOnOwnPath: Boolean;
begin
  Result := NotOnPath(HKCU, Own);
end;

function NotOnSharedPath: Boolean;
begin
  Result := NotOnPath(HKLM, Shared);
end;

{ A pack with models is checked and unpacked by photoguard itself. }
procedure TakePack;
var
  Pack, Arguments: String;
  Code: Integer;
begin
  Pack := ExpandConstant('{param:PACK|}');
  if Pack = '' then
    Exit;
  Arguments := 'models import "' + Pack + '"';
  if ExpandConstant('{param:KEY|}') <> '' then
    Arguments := Arguments + ' --key "' + ExpandConstant('{param:KEY|}') + '"';
  if not Exec(ExpandConstant('{app}\photoguard.exe'), Arguments, '', SW_HIDE, ewWaitUntilTerminated, Code) or (Code <> 0) then
    SuppressibleMsgBox(FmtMessage(CustomMessage('BadPack'), [Pack]), mbError, MB_OK, IDOK);
end;

procedure CurStepChanged(Step: TSetupStep);
begin
  if Step = ssPostInstall then
    TakePack;
end;

procedure RemoveFromPath(Root: Integer; Key: String);
var
  Path, Ours: String;
  At: Integer;
begin
  if not RegQueryStringValue(Root, Key, 'Path', Path) then
    Exit;
  Ours := ';' + ExpandConstant('{app}');
  At := Pos(Lowercase(Ours) + ';', Lowercase(Path) + ';');
  if At = 0 then
    Exit;
  Delete(Path, At, Length(Ours));
  RegWriteExpandStringValue(Root, Key, 'Path', Path);
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
begin
  if Step <> usPostUninstall then
    Exit;
  if IsAdminInstallMode then
    RemoveFromPath(HKLM, Shared)
  else
    RemoveFromPath(HKCU, Own);
end;
