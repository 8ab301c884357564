@echo off
rem Copy it to bin\setenv.bat of a Tomcat from the zip that is started by catalina.bat. Tomcat's Windows service does not
rem read it; set the same options in the service's own settings, see the README.

rem Uploads are streamed, not held in memory: this is plenty for hundreds at once
set "CATALINA_OPTS=%CATALINA_OPTS% -Xmx256m"

rem If memory is exhausted, exit, and let the service manager restart Tomcat
set "CATALINA_OPTS=%CATALINA_OPTS% -XX:+ExitOnOutOfMemoryError"

rem Faces and the application need no desktop
set "CATALINA_OPTS=%CATALINA_OPTS% -Djava.awt.headless=true"
