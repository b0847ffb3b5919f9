# Says what SpamAssassin thinks of mails, by its local rules alone: spam_check.pl STATE-FOLDER FILE…
# One line for each: file, score, then every rule that hit with its own score.
use strict;
use warnings;
use Mail::SpamAssassin;

my ($state, @files) = @ARGV;
my $assassin = Mail::SpamAssassin->new({
    local_tests_only     => 1,
    dont_copy_prefs      => 1,
    userprefs_filename   => "$state/prefs",
    userstate_dir        => $state,
    home_dir_for_helpers => $state,
    post_config_text     => "use_bayes 0\nuse_auto_welcomelist 0\n",
});
for my $file (@files) {
    open my $in, '<:raw', $file or die "$file: $!";
    my $mail = $assassin->parse([<$in>]);
    my $status = $assassin->check($mail);
    my @hits = sort split /,/, $status->get_names_of_tests_hit_with_scores();
    print join("\t", $file, $status->get_score(), @hits), "\n";
    $status->finish();
    $mail->finish();
}
