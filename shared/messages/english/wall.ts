/** The host that serves consoles and walls: what is said at the terminal. */
export const wall = {
  'wall.tls.read': '{option} {path} cannot be read: {reason}.',
  'wall.tls.cert':
    '--tls-cert {path} is not a certificate in PEM. Give the certificate first, then its chain.',
  'wall.tls.key': '--tls-key {path} is not a private key in PEM, or it is encrypted.',
  'wall.tls.pair': 'The key {key} does not belong to the certificate {cert}.',
  'wall.tls.expired': 'The certificate {path} has expired: no console on another machine will accept it.',
  'wall.tls.expires':
    'The certificate {path} expires in {days, plural, one {# day} other {# days}}. A renewed one is taken over by itself.',
} as const
