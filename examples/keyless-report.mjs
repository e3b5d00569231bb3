// Prints the first broken link of every slot of an app, from your own program.
// Usage: npx local-azure exec -- node examples/keyless-report.mjs <app>
import { connectAzure, diagnose, findApp, gather } from 'acrpull';

const [app] = process.argv.slice(2);
const azure = await connectAzure();
const appId = await findApp(azure.resourceManager, {
  app,
  subscriptionId: process.env.AZURE_SUBSCRIPTION_ID,
});

for (const { view, firstBroken, chain } of diagnose(await gather(azure, appId))) {
  const why = chain.find(({ link }) => link === firstBroken)?.says ?? '';
  console.log(`${view.site.slot ?? 'production'}: ${firstBroken ?? 'all links hold'} ${why}`);
}
