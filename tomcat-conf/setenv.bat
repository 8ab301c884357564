@echo off
rem Copy to bin\setenv.bat of a Tomcat from the zip that is started by catalina.bat. Tomcat's Windows service does not
rem read it: there the same options stand in the service's own settings, see the README.

rem Uploads are streamed and never held in memory: this is plenty for hundreds at once
set "CATALINA_OPTS=%CATALINA_OPTS% -Xmx256m"

rem On the first sign of exhausted memory end, and let the service manager start anew
set "CATALINA_OPTS=%CATALINA_OPTS% -XX:+ExitOnOutOfMemoryError"

rem Faces and the application need no desktop
set "CATALINA_OPTS=%CATALINA_OPTS% -Djava.awt.headless=true"
