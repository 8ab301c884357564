@echo off
rem Installs the server jar as a Windows service with Apache Commons Daemon's procrun. NOT TRIED on Windows: see the README.
rem Needs prunsrv.exe (64 bit) beside this file as dropzone.exe, and a JRE 17 or newer named by JAVA_HOME. Run as
rem administrator.
setlocal
set "HOME_DIR=C:\dropzone"
set "UPLOADS=D:\backups"
if "%JAVA_HOME%"=="" (
    echo Set JAVA_HOME to a Java 17 or newer.
    exit /b 1
)

rem In the mode "Java", a stop would start another Java and then kill this one, which would cut uploads off. In the mode "jvm"
rem System.exit is called in the service itself, so uploads can finish
"%~dp0dropzone.exe" //IS//Dropzone ^
    --DisplayName="Dropzone Backup" ^
    --Description="A write-only drop box for backups" ^
    --Startup=auto ^
    --ServiceUser="NT AUTHORITY\LocalService" ^
    --JavaHome="%JAVA_HOME%" ^
    --StartMode=jvm ^
    --StopMode=jvm ^
    --Jvm="%JAVA_HOME%\bin\server\jvm.dll" ^
    --Classpath="%HOME_DIR%\dropzone-server.jar" ^
    --StartClass=org.dropzonebackup.launcher.DropzoneServer ^
    --StartParams="--upload-base-dir;%UPLOADS%;--users-file;%HOME_DIR%\users.properties;--listen;127.0.0.1;--port;8888" ^
    --StopClass=java.lang.System ^
    --StopMethod=exit ^
    --StopTimeout=60 ^
    --JvmMx=256 ^
    --LogPath="%HOME_DIR%\logs" ^
    --StdOutput=auto ^
    --StdError=auto
if errorlevel 1 exit /b 1
"%~dp0dropzone.exe" //ES//Dropzone
