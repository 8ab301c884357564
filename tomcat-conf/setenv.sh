# Copy it to bin/setenv.sh of a Tomcat from the zip. Debian's tomcat10 reads /etc/default/tomcat10 instead.

# Uploads are streamed, not held in memory: this is plenty for hundreds at once
CATALINA_OPTS="$CATALINA_OPTS -Xmx256m"

# If memory is exhausted, exit, and let the service manager restart Tomcat
CATALINA_OPTS="$CATALINA_OPTS -XX:+ExitOnOutOfMemoryError"

# Faces and the application need no desktop
CATALINA_OPTS="$CATALINA_OPTS -Djava.awt.headless=true"

# In the C locale Java cannot store files with names that are not ASCII
export LC_ALL=C.UTF-8

# Only this user and its group have access to uploads
umask 0027
export UMASK=0027
