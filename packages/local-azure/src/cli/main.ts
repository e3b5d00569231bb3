import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { defaultDataDir } from '../store/data-dir.ts';
import { report } from './report.ts';

const integer = (low: number, high: number) => (text: string) => {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= low && value <= high) return value;
  throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
};

const seconds = (text: string) => {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number of seconds, 0 or more.');
};

const dataDirOption = () =>
  new Option('--data-dir <folder>', 'the folder that holds its state').default(
    defaultDataDir(),
    'LOCAL_AZURE_DATA_DIR, or where your system keeps user data',
  );
const jsonOption = () => new Option('--json', 'print JSON, for programs');

/** The command line. Each command's code is loaded when it runs, so that `--help` costs nothing. */
function program(): Command {
  const root = new Command('local-azure')
    .description(
      'An Azure for this machine that says no: it checks tokens and roles, and really pulls and runs images.',
    )
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  $ local-azure start                        run it here, until Ctrl-C
  $ local-azure exec -- az group list        one command that takes it for Azure
  $ eval "$(local-azure env)"                the same for a whole shell
  $ local-azure faults add registry-outage   what happens when the registry is down

Exit codes: 0 done, 1 failed or not running, 2 wrong usage. exec passes on its command's own.`,
    );

  root
    .command('start')
    .description('start it in the foreground, until Ctrl-C')
    .addOption(dataDirOption())
    .option(
      '--port <port>',
      'the port of its proxy on 127.0.0.1; 0 takes any free one',
      integer(0, 65535),
      4280,
    )
    .option(
      '--propagation <seconds>',
      'how long a new role assignment takes to count: the short form of a fault',
      seconds,
      20,
    )
    .option(
      '--fault <fault>',
      'something to go wrong from the start, such as registry-outage,for=30s; repeatable; see: local-azure faults',
      (fault: string, before: string[]) => [...before, fault],
      [],
    )
    .addOption(
      new Option('--engine <engine>', "what runs the sites' containers")
        .choices(['auto', 'docker', 'linux', 'none'])
        .default('auto'),
    )
    .addOption(
      new Option(
        '--worker-log <generation>',
        "whose words the sites' logs are in: the older Linux worker's, or the newer one's",
      )
        .choices(['old', 'new'])
        .default('old'),
    )
    .option('--allow-other-hosts', "let clients through to hosts that are not Azure's", false)
    .option('--rate-limits', 'refuse who asks Resource Manager more than Azure would let them', false)
    .option('--until-input-ends', 'stop when standard input ends: for programs that start it', false)
    .option('--detach', 'return as soon as it is ready, and let it run in the background', false)
    .addOption(jsonOption())
    .action(async (options) => (await import('./start.ts')).start(options));

  root
    .command('stop')
    .description('stop it')
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .action(async (options) => (await import('./stop.ts')).stop(options));

  root
    .command('status')
    .description('show whether it runs, and where; exit code 1 when it does not')
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .action(async (options) => (await import('./status.ts')).status(options));

  root
    .command('env')
    .description('print the settings under which any client takes it for Azure')
    .addOption(dataDirOption())
    .addOption(new Option('--shell <shell>', 'the syntax to print').choices(['sh', 'fish', 'powershell']))
    .addOption(jsonOption())
    .action(async (options) => (await import('./env.ts')).env(options));

  root
    .command('exec')
    .description('run a command under those settings; az is signed in when it is not yet')
    .addOption(dataDirOption())
    .passThroughOptions()
    .argument('<command...>', 'the command and its arguments, after --')
    .action(async (command, options) => (await import('./exec.ts')).exec(command, options));

  addFaults(root);

  root
    .command('reset')
    .description('delete all of its state; it must be stopped')
    .addOption(dataDirOption())
    .option('--yes', 'do not ask', false)
    .addOption(jsonOption())
    .action(async (options) => (await import('./reset.ts')).reset(options));

  return root;
}

/** `local-azure faults …` */
function addFaults(root: Command): void {
  const faults = root
    .command('faults')
    .description('let the running instance fail as Azure does, on demand and repeatably')
    .addHelpText(
      'after',
      `
A fault is a kind and its settings: <kind>,<name>=<value>,… Faults are of the running instance and end with it;
start --fault sets some from the start.

Examples:
  $ local-azure faults kinds                                        what can go wrong
  $ local-azure faults add registry-outage,registry=hoge,for=30s    for half a minute
  $ local-azure faults add resource-manager-throttling,count=3      the next 3 requests
  $ local-azure faults add lost-log-lines,probability=20%,seed=7    one line in five, the same ones each time
  $ local-azure faults list
  $ local-azure faults clear`,
    );
  const command = (name: string, description: string) =>
    faults.command(name).description(description).addOption(jsonOption());

  command('list', 'show those that are set, and how often they have struck')
    .addOption(dataDirOption())
    .action(async (options) => (await import('./faults.ts')).list(options));
  command('add', 'set some more')
    .argument('<fault...>', 'such as registry-outage,registry=hoge,for=30s')
    .addOption(dataDirOption())
    .action(async (texts, options) => (await import('./faults.ts')).add(texts, options));
  command('clear', 'take all away, or those with these ids')
    .argument('[id...]', 'as list shows them')
    .addOption(dataDirOption())
    .action(async (ids, options) => (await import('./faults.ts')).clear(ids, options));
  command('kinds', 'show what can go wrong, and the settings of each').action(async (options) =>
    (await import('./faults.ts')).showKinds(options),
  );
}

try {
  await program().parseAsync();
} catch (error) {
  // Commander has already said what is wrong; its own code is 0 for --help.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else process.exitCode = report(error, process.argv.includes('--json'));
}
