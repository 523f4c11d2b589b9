#!/bin/sh
# Makes the clips that are shipped with the source. Needs ffmpeg (libx264, drawtext), DejaVu fonts, perl and the loopback
# interface; it is run only when a clip shall change.
#   src/media/assets/check-slide.h264  what a test call shows: a still slide that names itself
#   src/lab/assets/moving.h264         what a simulated room shows: a moving picture
#   src/lab/assets/still.h264          what it shows when its camera hangs: one picture, then frames that say "no change"
#   src/lab/assets/moving.h263.rtp     what an old device shows: RTP packets as ffmpeg's own packetiser sends them (RFC 2190)
#   src/lab/assets/moving.h261.rtp     the same (RFC 4587)
# Every NAL unit is at most 1150 bytes, so a clip is valid in packetization modes 0 and 1 (RFC 6184); SPS, PPS and IDR come
# every 2 s; SEI is dropped because x264 writes its whole command line there.
set -eu
cd "$(dirname "$0")/.."
FONT=${FONT:-/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

printf 'Kiểm tra tự động' >"$WORK/vi.txt"
printf 'automatic check' >"$WORK/en.txt"

# encode SOURCE SECONDS RATE_ARGUMENTS OUTPUT
encode() {
  # shellcheck disable=SC2086 # the rate arguments are several words
  ffmpeg -hide_banner -loglevel error -y -f lavfi -i "$1" -t "$2" -pix_fmt yuv420p -c:v libx264 -profile:v baseline -level 3.1 \
    -preset veryslow $3 \
    -x264-params 'keyint=60:min-keyint=60:scenecut=0:bframes=0:ref=1:threads=1:slice-max-size=1140:repeat-headers=1' \
    -bsf:v filter_units=remove_types=6 -f h264 "$WORK/clip.h264"
  # x264 writes 42c01f for constrained baseline; 42e01f is what offers name and promises no more
  perl -0777 -pe 's/\x00\x00\x01\x67\x42\xc0\x1f/\x00\x00\x01\x67\x42\xe0\x1f/g' "$WORK/clip.h264" >"$4"
}

slide="color=c=0x1d3b53:s=640x360:r=30"
slide="$slide,drawtext=fontfile=$FONT:textfile=$WORK/vi.txt:expansion=none:fontsize=52:fontcolor=white:x=(w-tw)/2:y=120"
slide="$slide,drawtext=fontfile=$FONT:textfile=$WORK/en.txt:expansion=none:fontsize=34:fontcolor=0xb9d3e6:x=(w-tw)/2:y=205"

encode "$slide" 2 '-crf 24' src/media/assets/check-slide.h264
encode 'testsrc2=s=640x360:r=30' 4 '-b:v 300k -maxrate 330k -bufsize 300k' src/lab/assets/moving.h264
encode 'testsrc2=s=640x360:r=30,trim=end_frame=1,loop=loop=-1:size=1,setpts=N/30/TB' 4 '-crf 30' src/lab/assets/still.h264

# packets OPTIONS OUTPUT: what is sent to a port of ours, each RTP packet behind its length (RFC 4571). Blurred and small, since
# ffmpeg cuts a picture of H.261 at any octet once it does not fit a packet.
packets() {
  # shellcheck disable=SC2086 # the options are several words
  perl -MIO::Socket::INET -e '
    my $socket = IO::Socket::INET->new(Proto => "udp", LocalAddr => "127.0.0.1") or die;
    setsockopt($socket, SOL_SOCKET, SO_RCVBUF, 1 << 20);
    system(@ARGV, "rtp://127.0.0.1:" . $socket->sockport . "?pkt_size=1162") == 0 or die;
    my $rest = "";
    while (vec($rest, fileno($socket), 1) = 1, select($rest, undef, undef, 0.5)) {
      $socket->recv(my $packet, 2000);
      print pack("n/a*", $packet);
    }' ffmpeg -hide_banner -loglevel error -f lavfi -i 'testsrc2=s=176x144:r=30000/1001,gblur=sigma=6' -t 2 -pix_fmt yuv420p -g 60 \
    $1 -sdp_file /dev/null -f rtp >"$2"
}
packets '-c:v h263 -ps 1 -q:v 8 -rtpflags rfc2190' src/lab/assets/moving.h263.rtp
packets '-c:v h261 -ps 1 -q:v 24 -strict experimental' src/lab/assets/moving.h261.rtp
ls -l src/lab/assets/*.rtp src/media/assets/check-slide.h264 src/lab/assets/moving.h264 src/lab/assets/still.h264
