#!/bin/sh
# A private Postfix with Dovecot's log-in: postfix_server.sh FOLDER STARTTLS-PORT TLS-PORT IMAP-PORT [SCRIPT USER], as root.
# It ends when its standard input does. FOLDER holds server.pem and users; mails to example.org come to FOLDER/mail/inbox/new.
# Mails to example.net are Dovecot's: who is in users finds them in FOLDER/mail/NAME/new, and by IMAP with STARTTLS; others do
# not exist and bounce.
# Mails to trackwatch@example.net are piped to SCRIPT, run as USER.
# FOLDER/sendmail is its own sendmail.
set -e
D=$1
chmod 755 "$D"
mkdir -p "$D/queue" "$D/data" "$D/mail" "$D/auth"
for queue in active bounce corrupt defer deferred flush hold incoming private saved trace; do
  mkdir "$D/queue/$queue"
  chmod 700 "$D/queue/$queue"
  chown postfix "$D/queue/$queue"
done
mkdir "$D/queue/maildrop" "$D/queue/public" "$D/queue/pid"
chown postfix:postdrop "$D/queue/maildrop" "$D/queue/public"
chmod 730 "$D/queue/maildrop"
chmod 710 "$D/queue/public"
chown postfix "$D/data" "$D/mail"

program=${5:-/dev/null}
user=${6:-nobody}
: > "$D/inbound.log"
chmod 666 "$D/inbound.log"

cat > "$D/main.cf" <<END
compatibility_level = 3.6
queue_directory = $D/queue
data_directory = $D/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = $D/mail.log
maillog_file_prefixes = $D
myhostname = mail.trackwatch.test
notify_classes =
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
alias_maps =
virtual_alias_maps =
virtual_mailbox_domains = example.org, example.net
transport_maps = inline:{ {trackwatch@example.net = trackwatch:}, {example.net = lmtp:unix:$D/auth/lmtp} }
virtual_mailbox_base = $D/mail
virtual_mailbox_maps = static:inbox/
virtual_uid_maps = static:$(id -u postfix)
virtual_gid_maps = static:$(id -g postfix)
smtpd_tls_chain_files = $D/server.pem
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = $D/auth/sasl
smtpd_recipient_restrictions = check_recipient_access inline:{nobody@example.org=REJECT}, permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
END

cat > "$D/master.cf" <<END
127.0.0.1:$2 inet n - n - - smtpd
127.0.0.1:$3 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
trackwatch unix - n n - - pipe flags=DRhu user=$user argv=/bin/sh $program
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
END

printf '#!/bin/sh\nexec /usr/sbin/sendmail -C %s "$@"\n' "$D" > "$D/sendmail"
chmod 755 "$D/sendmail"

cat > "$D/dovecot.conf" <<END
base_dir = $D/run
state_dir = $D/run
log_path = $D/dovecot.log
protocols = imap lmtp
ssl = required
ssl_cert = <$D/server.pem
ssl_key = <$D/server.pem
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:$D/mail/%n
auth_mechanisms = plain login
disable_plaintext_auth = no
passdb {
  driver = passwd-file
  args = username_format=%u $D/users
}
userdb {
  driver = static
  args = uid=postfix gid=postfix home=$D/mail/%n
}
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = $4
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  unix_listener $D/auth/lmtp {
    mode = 0660
    user = postfix
    group = postfix
  }
}
service auth {
  unix_listener $D/auth/sasl {
    mode = 0660
    user = postfix
    group = postfix
  }
}
END

# A session each: Postfix's master ends by signalling the group whose number is its own.
setsid dovecot -F -c "$D/dovecot.conf" &
dovecot=$!
setsid /usr/lib/postfix/sbin/master -d -c "$D" &
postfix=$!
trap 'kill $dovecot $postfix; wait' EXIT
read -r _ || true
