# Copy to bin/setenv.sh of a Tomcat from the zip. Debian's tomcat10 reads /etc/default/tomcat10 instead.

# Uploads are streamed and never held in memory: this is plenty for hundreds at once
CATALINA_OPTS="$CATALINA_OPTS -Xmx256m"

# On the first sign of exhausted memory end, and let the service manager start anew
CATALINA_OPTS="$CATALINA_OPTS -XX:+ExitOnOutOfMemoryError"

# Faces and the application need no desktop
CATALINA_OPTS="$CATALINA_OPTS -Djava.awt.headless=true"

# In the C locale Java can store no file whose name is not ASCII
export LC_ALL=C.UTF-8

# What uploads create is for this user and its group only
umask 0027
export UMASK=0027
